-- One row per open row in quarantine and employee it is about: named in it, or the owner of its campaign, or named by the
-- splits of its deal, or whom the user or address it is about named so far.
with unread as (
    select * from {{ ref('stg_open_quarantine') }}
),

named as (
    {%- for column in [
        'employee_id', 'owner_employee_id', 'to_employee_id', 'from_employee_id', 'handler_employee_id'
    ] %}
    select
        unread_id,
        source as _source,
        {{ json_text('record_json', column) }} as employee_id
    from unread
    {{ 'union all' if not loop.last }}
    {%- endfor %}
    union all
    select
        unread.unread_id,
        splits._source,
        splits.employee_id
    from unread
    inner join {{ ref('stg_files__deal_splits') }} as splits on unread.deal_id = splits.deal_id
    where unread.source_table = 'deals'
    union all
    select
        unread.unread_id,
        users._source,
        users.employee_id
    from unread
    inner join {{ ref('stg_files__source_users') }} as users
        on {{ json_text('unread.record_json', 'source_user_id') }} = users.source_user_id
        and coalesce({{ json_text('unread.record_json', 'source') }}, 'files') = users.source
    where unread.source_table = 'source_users'
    union all
    select
        unread.unread_id,
        employees._source,
        employees.employee_id
    from unread
    inner join {{ ref('stg_files__employees') }} as employees
        on lower(trim({{ json_text('unread.record_json', 'source_user_id') }})) = lower(trim(employees.email))
    where unread.source_table = 'source_users'
),

resolved as (
    select
        latest.unread_id,
        {{ resolve_employee('employee_id') }} as employee_id
    from named as latest
    {{ join_employees(['employee_id']) }}
    union all
    select
        unread.unread_id,
        campaigns.owner_employee_id as employee_id
    from unread
    inner join {{ ref('stg_campaigns') }} as campaigns
        on unread.platform = campaigns.platform and unread.campaign_id = campaigns.campaign_id
    where unread.source_table in ('ad_daily', 'campaigns')
),

final as (
    select distinct
        unread_id,
        employee_id
    from resolved
    where employee_id is not null
)

select * from final
