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
            'unknown_deal'
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
            'unknown_deal'
        ) }}
    from {{ ref('stg_files__deal_splits') }} as latest
    left join known_deals on latest.deal_id = known_deals.deal_id
    where known_deals.deal_id is null
),

-- rows of one employee under two identifiers: the canonical model kept the one that counts
employee_assignments as (
    select
        {{ rejection(
            'employee_assignments',
            ['latest.employee_id', 'latest.valid_from'],
            ['employee_id', 'department', 'position', 'team_id', 'manager_id', 'bonus_base', 'valid_from', 'valid_to'],
            'duplicate_key'
        ) }}
    from {{ ref('stg_files__employee_assignments') }} as latest
    left join {{ ref('stg_employee_assignments') }} as kept
        on latest.employee_id = kept.employee_id_raw and latest.valid_from = kept.valid_from
    where kept.record_id is null
),

targets as (
    select
        {{ rejection(
            'targets',
            ['latest.employee_id', 'latest.kpi_id', 'latest.period'],
            ['employee_id', 'kpi_id', 'period', 'target'],
            'duplicate_key'
        ) }}
    from {{ ref('stg_files__targets') }} as latest
    left join {{ ref('stg_targets') }} as kept
        on latest.employee_id = kept.employee_id_raw and latest.kpi_id = kept.kpi_id and latest.period = kept.period
    where kept.record_id is null
),

kpi_observations as (
    select
        {{ rejection(
            'kpi_observations',
            ['latest.employee_id', 'latest.kpi_id', 'latest.period'],
            ['employee_id', 'kpi_id', 'period', 'numerator', 'denominator'],
            'duplicate_key'
        ) }}
    from {{ ref('stg_files__kpi_observations') }} as latest
    left join {{ ref('stg_kpi_observations') }} as kept
        on latest.employee_id = kept.employee_id_raw and latest.kpi_id = kept.kpi_id and latest.period = kept.period
    where kept.record_id is null
),

final as (
    select * from transactions
    union all
    select * from deal_splits
    union all
    select * from employee_assignments
    union all
    select * from targets
    union all
    select * from kpi_observations
)

select * from final
