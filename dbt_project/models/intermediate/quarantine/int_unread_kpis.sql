-- One row per employee, month and KPI, or course, that depends on a row in quarantine beyond the month and the people it
-- names: KPIs of owned customers and of campaigns, stock, surveys of the quarter before, courses done before.
{%- set spent = ['ad_roas', 'customer_acquisition_cost'] %}
{%- set owned = [
    'archive_coverage', 'archive_update_rate', 'archive_accuracy', 'customer_return_rate', 'customers_maintained'
] %}
{%- set asked = [
    ('customers', 'named', owned),
    ('customers', 'owner', owned),
    ('ownership_changes', 'named', owned),
    ('ownership_changes', 'owner', owned),
    ('deals', 'owner', ['customer_return_rate']),
    ('archive_checks', 'owner', ['archive_accuracy']),
    ('campaigns', 'named', ['impressions', 'ad_conversion_rate', 'click_through_rate'] + spent),
    ('material_movements', 'named', ['material_turnover', 'material_loss_rate']),
    ('brand_surveys', 'named', ['brand_awareness_lift']),
] %}
{%- set end_of_next_quarter = add_months("cast(date_trunc('quarter', unread.counted_on) as date)", 5) %}
with unread as (
    select
        *,
        {{ business_date('cast(' ~ json_text('record_json', 'created_at') ~ ' as timestamp)') }} as created_on,
        {{ json_text('record_json', 'course_id') }} as course_id
    from {{ ref('stg_open_quarantine') }}
),

asked as (
    {%- for source_table, whose, kpis in asked %}
    {%- set is_last_list = loop.last %}
    {%- for kpi_id in kpis %}
    select '{{ source_table }}' as source_table, '{{ whose }}' as whose, '{{ kpi_id }}' as kpi_id
    {{ 'union all' if not (loop.last and is_last_list) }}
    {%- endfor %}
    {%- endfor %}
),

-- the first change of a customer also says whose it was until then
changed_before as (
    select distinct unread.unread_id
    from unread
    inner join {{ ref('int_unread_customers') }} as customers on unread.unread_id = customers.unread_id
    inner join {{ ref('int_ownership') }} as changes
        on customers.customer_key = changes.customer_key
        and changes.change_id is not null
        and changes.valid_from <= unread.happened_at
    where unread.source_table = 'ownership_changes'
),

first_records as (
    select
        customers.unread_id,
        min(records.created_date) as created_on
    from {{ ref('int_unread_customers') }} as customers
    inner join {{ ref('int_customers_resolved') }} as resolved
        on customers.customer_key = resolved.customer_key and resolved.source = 'customers'
    inner join {{ ref('stg_customers') }} as records on resolved.record_id = records.customer_id
    group by customers.unread_id
),

-- days on which a row may count: all when it does not say when
dated as (
    select
        unread.unread_id,
        unread.source_table,
        coalesce(case unread.source_table
            when 'customers' then unread.created_on
            when 'ownership_changes' then case when changed_before.unread_id is not null then unread.counted_on end
            when 'campaigns' then null
            when 'brand_surveys' then {{ end_of_next_quarter }}
            else unread.counted_on
        end, date '1900-01-01') as from_on,
        coalesce(
            case when unread.source_table = 'customers' and unread.created_on is not null then first_records.created_on end,
            date '9999-12-31'
        ) as recorded_on,
        coalesce(case unread.source_table
            when 'archive_checks' then unread.counted_on
            when 'brand_surveys' then {{ end_of_next_quarter }}
        end, date '9999-12-31') as to_on
    from unread
    left join changed_before on unread.unread_id = changed_before.unread_id
    left join first_records on unread.unread_id = first_records.unread_id
),

named as (
    select
        dated.source_table,
        'named' as whose,
        people.employee_id,
        dated.from_on,
        dated.to_on
    from dated
    inner join {{ ref('int_unread_people') }} as people on dated.unread_id = people.unread_id
),

-- on any day of a month
owners as (
    select
        dated.source_table,
        'owner' as whose,
        ownership.owner_employee_id as employee_id,
        greatest(least(dated.from_on, dated.recorded_on), {{ business_date('ownership.valid_from') }}) as from_on,
        least(dated.to_on, {{ business_date('ownership.valid_to') }}) as to_on
    from dated
    inner join {{ ref('int_unread_customers') }} as customers on dated.unread_id = customers.unread_id
    inner join {{ ref('int_ownership') }} as ownership on customers.customer_key = ownership.customer_key
    where ownership.owner_employee_id is not null
),

spans as (
    select * from named
    union all
    select * from owners
),

found as (
    select
        spans.employee_id,
        periods.period,
        'kpi' as kind,
        asked.kpi_id as asked_id
    from spans
    inner join asked on spans.source_table = asked.source_table and spans.whose = asked.whose
    inner join {{ ref('int_periods') }} as periods
        on spans.from_on <= periods.ends_on and spans.to_on >= periods.starts_on
    union
    select
        spent.employee_id,
        spent.period,
        'kpi' as kind,
        kpis.kpi_id as asked_id
    from {{ ref('int_unread_spend') }} as spent
    cross join (
        {%- for kpi_id in spent %}
        select '{{ kpi_id }}' as kpi_id {{ 'union all' if not loop.last }}
        {%- endfor %}
    ) as kpis
    union
    select
        people.employee_id,
        periods.period,
        'course' as kind,
        coalesce(unread.course_id, '') as asked_id
    from unread
    inner join {{ ref('int_unread_people') }} as people on unread.unread_id = people.unread_id
    inner join {{ ref('int_periods') }} as periods
        on coalesce(unread.counted_on, date '1900-01-01') <= periods.ends_on
    where unread.source_table = 'course_results'
)

select * from found
