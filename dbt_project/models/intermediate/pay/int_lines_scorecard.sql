-- One row per scorecard bonus line: the group's score times its weight times the prorated bonus base, rounded once
-- (rulebook 9).
with totals as (
    select * from {{ ref('int_scorecard_totals') }}
),

final as (
    {{ scorecard_bonus_lines('totals', 'business') }}
    union all
    {{ scorecard_bonus_lines('totals', 'management') }}
)

select * from final
