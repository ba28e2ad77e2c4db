-- One row per plan with return-on-investment inputs and item: figures before and after, and what a year is worth
-- (rulebook 14). A missing input leaves the figures NULL with a reason.
with inputs as (
    select
        plan_id,
        plan_hash,
        component_id,
        item,
        {{ roi_input('people') }},
        {{ roi_input('weekly_pay') }},
        {{ roi_input('share_saved') }},
        {{ roi_input('weeks') }},
        {{ roi_input('additional_revenue') }},
        {{ roi_input('margin') }},
        {{ roi_input('system_cost') }},
        {{ roi_input('revenue_before') }},
        {{ roi_input('customers_kept') }},
        {{ roi_input('average_order') }},
        {{ roi_input('customers_before') }}
    from {{ source('plans', 'roi_items') }}
    group by plan_id, plan_hash, component_id, item
),

priced as (
    select
        inputs.*,
        case item
            when 'efficiency' then cast(people as decimal(20, 2)) * cast(weekly_pay as decimal(12, 2)) * cast(weeks as decimal(6, 2))
            when 'performance' then cast(revenue_before as decimal(20, 2)) * cast(margin as decimal(10, 6))
            when 'management'
                then cast(customers_before as decimal(20, 2)) * cast(average_order as decimal(14, 2)) * cast(margin as decimal(10, 6))
        end as before_exact,
        case item
            when 'efficiency'
                then cast(people as decimal(20, 2)) * cast(weekly_pay as decimal(12, 2)) * cast(weeks as decimal(6, 2)) * cast(share_saved as decimal(8, 6))
            when 'performance' then cast(additional_revenue as decimal(20, 2)) * cast(margin as decimal(10, 6)) - system_cost
            when 'management'
                then cast(customers_kept as decimal(20, 2)) * cast(average_order as decimal(14, 2)) * cast(margin as decimal(10, 6))
        end as value_exact
    from inputs
),

final as (
    select
        priced.item,
        case when priced.before_exact is not null and priced.value_exact is not null then {{ round_money('priced.before_exact') }} end as {{ adapter.quote('before') }},
        case
            when priced.before_exact is null or priced.value_exact is null then null
            when priced.item = 'efficiency' then {{ round_money('priced.before_exact - priced.value_exact') }}
            else {{ round_money('priced.before_exact + priced.value_exact') }}
        end as {{ adapter.quote('after') }},
        case when priced.before_exact is not null and priced.value_exact is not null then {{ round_money('priced.value_exact') }} end as annual_value,
        plans.currency,
        case when priced.before_exact is null or priced.value_exact is null then 'missing_input' end as reason,
        priced.plan_id,
        priced.plan_hash
    from priced
    inner join {{ source('plans', 'plans') }} as plans on priced.plan_hash = plans.plan_hash
)

select * from final
