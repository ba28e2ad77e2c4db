-- One row per employee, month, KPI and source record of the month that the KPI counted (rulebook 8); a record may stand
-- twice. A KPI of several months counts those of each; line_facts has the months.
{%- set of_measures = [
    ('customers_maintained', 'customers_maintained'),
    ('deals_assisted', 'deals_assisted'),
    ('new_customer_amount', 'new_customer_amount'),
    ('new_customers', 'new_customers'),
    ('repurchase_amount', 'repurchase_amount'),
    ('sales_amount_attainment', 'counted_sales_amount'),
    ('sales_volume_attainment', 'units'),
    ('valid_visits', 'valid_visits'),
    ('lead_conversion', 'valid_visits'),
] %}
{%- set of_events = [
    ('brand_awareness_lift', 'stg_brand_surveys', 'owner_employee_id', 'surveyed_on'),
    ('competitor_response', 'stg_competitor_events', 'employee_id', 'discovered_date'),
    ('complaint_handling', 'stg_complaints', 'employee_id', 'opened_date'),
    ('material_loss_rate', 'stg_material_movements', 'owner_employee_id', 'moved_on'),
    ('material_request_hours', 'stg_material_requests', 'handler_employee_id', 'issued_date'),
    ('material_turnover', 'stg_material_movements', 'owner_employee_id', 'moved_on'),
    ('product_input_adoption', 'stg_product_inputs', 'employee_id', 'submitted_date'),
    ('product_inputs', 'stg_product_inputs', 'employee_id', 'submitted_date'),
    ('rectification_rate', 'stg_policy_violations', 'employee_id', 'occurred_on'),
    ('service_rating', 'stg_service_ratings', 'employee_id', 'rated_date'),
] %}
{%- set of_ads = ['ad_conversion_rate', 'ad_roas', 'click_through_rate', 'customer_acquisition_cost', 'impressions'] %}
{%- set of_customers = ['archive_coverage', 'archive_update_rate', 'customer_return_rate'] %}
with measured_kpis as (
    {%- for kpi_id, measure in of_measures %}
    select '{{ kpi_id }}' as kpi_id, '{{ measure }}' as measure
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

ad_kpis as (
    {%- for kpi_id in of_ads %}
    select '{{ kpi_id }}' as kpi_id
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

customer_kpis as (
    {%- for kpi_id in of_customers %}
    select '{{ kpi_id }}' as kpi_id
    {{ 'union all' if not loop.last }}
    {%- endfor %}
),

owned as (
    select
        owned.employee_id,
        owned.customer_key,
        periods.period,
        periods.starts_on,
        periods.ends_on
    from {{ ref('int_customers_owned') }} as owned
    inner join {{ ref('int_periods') }} as periods
        on owned.from_month <= periods.starts_on and owned.to_month > periods.starts_on
),

customers as (
    select
        coalesce(keys.customer_key, customers.customer_id) as customer_key,
        customers.record_id
    from {{ ref('stg_customers') }} as customers
    left join {{ ref('int_customer_keys') }} as keys on customers.customer_id = keys.customer_id
),

ad_days as (
    select
        coalesce(campaigns.owner_employee_id, 'UNRESOLVED') as employee_id,
        {{ period_of('days.date') }} as period,
        days.record_id,
        campaigns.record_id as campaign_record_id
    from {{ ref('stg_ad_daily') }} as days
    left join {{ ref('stg_campaigns') }} as campaigns
        on days.platform = campaigns.platform and days.campaign_id = campaigns.campaign_id
),

ad_deals as (
    select
        coalesce(campaigns.owner_employee_id, 'UNRESOLVED') as employee_id,
        touches.deal_id,
        touches.lead_id,
        touches.period as signed_period
    from {{ ref('int_touches') }} as touches
    inner join {{ ref('stg_leads') }} as leads on touches.lead_id = leads.lead_id
    inner join {{ ref('stg_campaigns') }} as campaigns
        on leads.platform = campaigns.platform and leads.campaign_id = campaigns.campaign_id
    where touches.touch_no = 1
),

facts as (
    select kpis.kpi_id, records.subject_id as employee_id, records.period, records.source_table, records.record_id
    from {{ ref('records_of_measures') }} as records
    inner join measured_kpis as kpis on records.measure = kpis.measure
    where records.scope = 'employee'
    union all
    {%- for kpi_id, model, employee, day in of_events %}
    select '{{ kpi_id }}' as kpi_id, coalesce({{ employee }}, 'UNRESOLVED') as employee_id, {{ period_of(day) }} as period, source_table, record_id
    from {{ ref(model) }}
    where {{ day }} is not null
    union all
    {%- endfor %}
    select kpis.kpi_id, ad_days.employee_id, ad_days.period, 'ad_daily' as source_table, ad_days.record_id
    from ad_days
    cross join ad_kpis as kpis
    union all
    select kpis.kpi_id, ad_days.employee_id, ad_days.period, 'campaigns' as source_table, ad_days.campaign_record_id as record_id
    from (
        select distinct employee_id, period, campaign_record_id
        from ad_days
        where campaign_record_id is not null
    ) as ad_days
    cross join ad_kpis as kpis
    union all
    {%- for source_table in ['deals', 'leads'] %}
    select 'customer_acquisition_cost' as kpi_id, employee_id, signed_period as period, '{{ source_table }}' as source_table, {{ source_table[:4] }}_id as record_id
    from ad_deals
    union all
    select distinct 'ad_roas' as kpi_id, ad_deals.employee_id, credits.period, '{{ source_table }}' as source_table, ad_deals.{{ source_table[:4] }}_id as record_id
    from ad_deals
    inner join {{ ref('fct_credits') }} as credits on ad_deals.deal_id = credits.deal_id and credits.pool = 'closing'
    union all
    {%- endfor %}
    select 'ad_roas' as kpi_id, ad_deals.employee_id, credits.period, 'transactions' as source_table, credits.transaction_id as record_id
    from ad_deals
    inner join {{ ref('fct_credits') }} as credits on ad_deals.deal_id = credits.deal_id and credits.pool = 'closing'
    where credits.transaction_id != ''
    union all
    select kpis.kpi_id, owned.employee_id, owned.period, 'customers' as source_table, customers.record_id
    from owned
    inner join customers on owned.customer_key = customers.customer_key
    cross join customer_kpis as kpis
    union all
    select 'customer_return_rate' as kpi_id, owned.employee_id, owned.period, 'deals' as source_table, deals.deal_id as record_id
    from owned
    inner join {{ ref('fct_deal_sources') }} as deals
        on owned.customer_key = deals.customer_key and deals.signed_date <= owned.ends_on and deals.status = 'signed'
    union all
    select 'archive_accuracy' as kpi_id, coalesce(ownership.owner_employee_id, 'UNRESOLVED') as employee_id, {{ period_of('checks.checked_date') }} as period, checks.source_table, checks.record_id
    from {{ ref('stg_archive_checks') }} as checks
    left join {{ ref('int_customer_keys') }} as keys on checks.customer_id = keys.customer_id
    left join {{ ref('int_ownership') }} as ownership
        on coalesce(keys.customer_key, checks.customer_id) = ownership.customer_key
        and checks.checked_at >= ownership.valid_from
        and checks.checked_at < ownership.valid_to
    union all
    select 'lead_conversion' as kpi_id, visited.employee_id, visited.period, 'deals' as source_table, deals.deal_id as record_id
    from {{ ref('int_visited_leads') }} as visited
    inner join {{ ref('int_periods') }} as periods on visited.period = periods.period
    inner join {{ ref('fct_deal_sources') }} as deals
        on visited.customer_key = deals.customer_key
        and deals.is_creditable
        and deals.signed_at >= visited.created_at
        and deals.signed_date <= periods.ends_on
    where visited.has_signed
    union all
    select 'transfer_rate' as kpi_id, coalesce(owner_employee_id, 'UNRESOLVED') as employee_id, period, 'deals' as source_table, deal_id as record_id
    from {{ ref('fct_deal_sources') }}
    where is_creditable
    union all
    {%- for source_table, record_id in [('deals', 'deal_id'), ('ownership_changes', 'change_id')] %}
    select 'transfer_rate' as kpi_id, transfers.from_employee_id as employee_id, deals.period, '{{ source_table }}' as source_table, transfers.{{ record_id }} as record_id
    from {{ ref('fct_transfers') }} as transfers
    inner join {{ ref('fct_deal_sources') }} as deals on transfers.deal_id = deals.deal_id
    union all
    {%- endfor %}
    select 'research_output' as kpi_id, employee_id, {{ last_month_of('period') }} as period, source_table, record_id
    from {{ ref('stg_kpi_observations') }}
    where kpi_id in ('papers', 'projects')
)

select
    employee_id,
    period,
    kpi_id,
    source_table,
    record_id
from facts
