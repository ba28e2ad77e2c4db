-- One row per payout line with its status, before caps, draws and adjustments.
select * from {{ ref('int_lines_commission_settled') }}
union all
select * from {{ ref('int_lines_monthly_settled') }}
