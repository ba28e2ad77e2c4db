{{ config(enabled=target.name == 'spark') }}
-- On Spark: one row per data-driven attribution model, fit (month), customer type and channel. The counts of all fits are
-- few, and go to one worker; the function is that of the model in Python.
with counted as (
    select
        named_struct(
            'kind', kind,
            'period', period,
            'customer_type', customer_type,
            'from_state', from_state,
            'to_state', to_state,
            'path_count', path_count
        ) as path
    from {{ ref('int_attribution_counts') }}
),

final as (
    select inline(fitted_weights(collect_list(path)))
    from counted
)

select * from final
