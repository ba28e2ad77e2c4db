-- Every line rests on source records of a completed delivery: a line of a deal on that deal, one of a transaction on
-- that transaction, an adjustment on its record, any line on at least one.
with traced as (
    select
        lines.line_id,
        lines.component,
        lines.deal_id,
        lines.transaction_id,
        count(loads.load_id) as record_count,
        max(case when provenance.source_table = 'deals' and loads.load_id is not null then 1 else 0 end) as deal_found,
        max(case
            when provenance.source_table = 'transactions' and loads.load_id is not null then 1
            else 0
        end) as transaction_found,
        max(case
            when provenance.source_table = 'adjustments' and loads.load_id is not null then 1
            else 0
        end) as adjustment_found
    from {{ ref('fct_payout_lines') }} as lines
    left join {{ ref('fct_provenance') }} as provenance on lines.line_id = provenance.line_id
    left join {{ source('files', 'loads') }} as loads on provenance.load_id = loads.load_id
    group by lines.line_id, lines.component, lines.deal_id, lines.transaction_id
)

select *
from traced
where record_count = 0
    or (deal_id is not null and deal_found = 0)
    or (coalesce(transaction_id, '') != '' and transaction_found = 0)
    or (component = 'adjustment' and adjustment_found = 0)
