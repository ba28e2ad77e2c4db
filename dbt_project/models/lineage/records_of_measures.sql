-- One row per employee or team, month, measure and source record that the measure counted (rulebook 5, readings 20 to 22).
with policies as (
    select * from {{ source('plans', 'crediting_policies') }}
),

deals as (
    select
        deal_id,
        owner_employee_id,
        signed_date,
        period,
        source
    from {{ ref('fct_deal_sources') }}
    where is_creditable and has_fx_rate
),

credits as (
    select
        credits.deal_id,
        credits.transaction_id,
        credits.employee_id,
        credits.business_date,
        deals.source
    from {{ ref('fct_credits') }} as credits
    inner join deals on credits.deal_id = deals.deal_id
    where credits.pool = 'closing'
),

-- what the receiver of a customer does not count counts for the giver when the plan says so
givers as (
    select
        transfers.deal_id,
        transfers.from_employee_id as employee_id
    from {{ ref('fct_transfers') }} as transfers
    inner join deals on transfers.deal_id = deals.deal_id
    inner join policies on deals.signed_date >= policies.valid_from and deals.signed_date < policies.valid_to
    where policies.remainder_to = 'giver' and transfers.counted_share < 1
),

closers as (
    select distinct deal_id, employee_id from credits
    union
    select deals.deal_id, deals.owner_employee_id as employee_id
    from deals
    left join credits on deals.deal_id = credits.deal_id
    where credits.deal_id is null
),

sold as (
    select deal_id, transaction_id, employee_id, business_date, source, true as is_closer from credits
    union all
    select credits.deal_id, credits.transaction_id, givers.employee_id, credits.business_date, credits.source, false as is_closer
    from credits
    inner join givers on credits.deal_id = givers.deal_id
),

signed as (
    select deal_id, employee_id, true as is_closer from closers
    union all
    select deal_id, employee_id, false as is_closer from givers
),

contacts as (
    select
        activities.activity_id,
        activities.deal_id,
        activities.employee_id
    from {{ ref('stg_activities') }} as activities
    inner join {{ ref('fct_deal_sources') }} as sources
        on activities.deal_id = sources.deal_id and activities.started_at <= sources.signed_at
),

assisted as (
    select deal_id, employee_id, 'deals' as source_table, deal_id as record_id
    from {{ ref('fct_credits') }}
    where pool in ('closing', 'collaboration')
    union
    select deal_id, employee_id, 'deals' as source_table, deal_id as record_id from contacts
    union
    select deal_id, employee_id, 'activities' as source_table, activity_id as record_id from contacts
),

facts as (
    {%- for source_table, record_id, condition in [
        ('deals', 'deal_id', 'true'), ('transactions', 'transaction_id', "transaction_id != ''")
    ] %}
    {%- for measure, which in [
        ('sales_amount', 'is_closer'), ('counted_sales_amount', 'true'),
        ('new_customer_amount', "source != 'repurchase'"), ('repurchase_amount', "source = 'repurchase'")
    ] %}
    select '{{ measure }}' as measure, employee_id, business_date as measure_date, is_closer, '{{ source_table }}' as source_table, {{ record_id }} as record_id
    from sold
    where {{ condition }} and {{ which }}
    union all
    {%- endfor %}
    {%- endfor %}
    {%- for measure, which in [('new_customers', "deals.source != 'repurchase'"), ('units', 'true')] %}
    select '{{ measure }}' as measure, signed.employee_id, deals.signed_date as measure_date, signed.is_closer, 'deals' as source_table, deals.deal_id as record_id
    from signed
    inner join deals on signed.deal_id = deals.deal_id
    where {{ which }}
    union all
    {%- endfor %}
    select 'deals_assisted' as measure, assisted.employee_id, deals.signed_date as measure_date, true as is_closer, assisted.source_table, assisted.record_id
    from assisted
    inner join deals on assisted.deal_id = deals.deal_id
    union all
    select 'customers_maintained' as measure, activities.employee_id, activities.started_date as measure_date, true as is_closer, 'activities' as source_table, activities.activity_id as record_id
    from {{ ref('stg_activities') }} as activities
    left join {{ ref('int_customer_keys') }} as keys on activities.customer_id = keys.customer_id
    inner join {{ ref('int_customers_owned') }} as owned
        on coalesce(keys.customer_key, activities.customer_id) = owned.customer_key
        and activities.employee_id = owned.employee_id
        and activities.started_date >= owned.from_month
        and activities.started_date < owned.to_month
    union all
    select 'valid_leads' as measure, owner_employee_id as employee_id, {{ business_date('became_valid_at') }} as measure_date, true as is_closer, 'leads' as source_table, lead_id as record_id
    from {{ ref('fct_lead_validity') }}
    where is_valid
    union all
    select 'valid_visits' as measure, employee_id, visited_date as measure_date, true as is_closer, 'leads' as source_table, lead_id as record_id
    from {{ ref('int_visited_leads') }}
),

final as (
    select 'employee' as scope, employee_id as subject_id, {{ period_of('measure_date') }} as period, measure, source_table, record_id
    from facts
    union all
    select 'team' as scope, assignments.team_id as subject_id, {{ period_of('facts.measure_date') }} as period, facts.measure, facts.source_table, facts.record_id
    from facts
    inner join {{ ref('int_assignments') }} as assignments
        on facts.employee_id = assignments.employee_id
        and facts.measure_date >= assignments.valid_from
        and facts.measure_date < assignments.role_valid_to
    where facts.is_closer and assignments.team_id is not null
)

select * from final
