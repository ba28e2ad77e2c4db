{{ config(meta=recomputed(by=['period'], alike=['int_lines_commission_settled', 'int_lines_monthly_settled'])) }}
-- One row per payout line with its status, before caps, draws and adjustments.
select * from {{ ref('int_lines_commission_settled') }}
union all
select * from {{ ref('int_lines_monthly_settled') }}
