{{ config(enabled=target.name == 'spark') }}
-- On Spark: one row per customer id that belongs to another customer, with that customer. The connected components are
-- found by one worker, which holds all links; the function is that of the model in Python.
with linked as (
    select named_struct('own_key', own_key, 'kind', kind, 'value', value) as link
    from {{ ref('int_customer_links') }}
),

final as (
    select inline(joined_customers(collect_list(link)))
    from linked
)

select * from final
