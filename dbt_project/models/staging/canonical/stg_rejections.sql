-- One row per delivered row that cannot be used as the records stand now. Computed anew by every build: a transaction
-- of an unknown deal is taken in as soon as the deal is delivered. What lies after the as-of time is not judged yet.
with known_deals as (
    select deal_id from {{ ref('stg_files__deals') }}
),

transactions as (
    select
        {{ rejection(
            'transactions',
            ['latest.transaction_id'],
            ['transaction_id', 'deal_id', 'kind', 'amount', 'currency', 'occurred_at'],
            "'unknown_deal'"
        ) }}
    from {{ ref('stg_files__transactions') }} as latest
    left join known_deals on latest.deal_id = known_deals.deal_id
    where known_deals.deal_id is null and {{ happened('occurred_at') }}
),

deal_splits as (
    select
        {{ rejection(
            'deal_splits',
            ['latest.deal_id', 'latest.employee_id', 'latest.pool'],
            ['deal_id', 'pool', 'employee_id', 'share'],
            "'unknown_deal'"
        ) }}
    from {{ ref('stg_files__deal_splits') }} as latest
    left join known_deals on latest.deal_id = known_deals.deal_id
    where known_deals.deal_id is null
),

-- rows of one employee under two identifiers: the canonical model kept the one that counts, if it is later; otherwise they
-- contradict each other
{% set renamed = {
    'employee_assignments': (['valid_from'], ['department', 'position', 'team_id', 'manager_id', 'bonus_base', 'valid_to']),
    'targets': (['kpi_id', 'period'], ['target']),
    'kpi_observations': (['kpi_id', 'period'], ['numerator', 'denominator']),
    'course_results': (['course_id', 'attempt'], ['completed_at', 'hours', 'exam_score', 'passed']),
} -%}
{% for entity, (keys, others) in renamed.items() -%}
{% set values = ['latest.employee_id'] -%}
{% for key in keys %}{% do values.append(staging_key('latest', key, {'attempt': '1'})) %}{% endfor -%}
{{ entity }} as (
    select
        {{ rejection(
            entity,
            values,
            ['employee_id'] + keys + others,
            "case when later.record_id is null then 'conflicting_rows' else 'duplicate_key' end"
        ) }}
    from {{ ref('stg_files__' ~ entity) }} as latest
    {{ join_employees(['employee_id']) }}
    left join {{ ref('stg_' ~ entity) }} as kept
        on latest.employee_id = kept.employee_id_raw
        {%- for key in keys %}
        and {{ values[loop.index] }} = kept.{{ key }}
        {%- endfor %}
    left join {{ ref('stg_' ~ entity) }} as later
        on {{ resolve_employee('employee_id') }} = later.employee_id
        {%- for key in keys %}
        and {{ values[loop.index] }} = later.{{ key }}
        {%- endfor %}
        and latest._load_seq < later.load_seq
    where kept.record_id is null
    {%- if entity == 'course_results' %} and {{ happened('completed_at') }}{% endif %}
),

{% endfor -%}
-- a person under two names approves nothing of his own (reading 49)
adjustments as (
    select
        {{ rejection(
            'adjustments',
            ['latest.adjustment_id'],
            ['adjustment_id', 'employee_id', 'period', 'amount', 'currency', 'reason', 'author', 'approver', 'dispute_id'],
            "'same_person'"
        ) }}
    from {{ ref('stg_files__adjustments') }} as latest
    {{ join_employees(['author', 'approver']) }}
    where {{ is_same_person('author', 'approver') }}
),

final as (
    {% for part in ['transactions', 'deal_splits'] + renamed.keys() | list + ['adjustments'] -%}
    select * from {{ part }}
    {{ 'union all' if not loop.last }}
    {% endfor -%}
)

select * from final
