{#-
    What interval totals earn by their rate table, and the tier they lie in (rulebook 4.2). `totals` has `keys`,
    total_amount (paid) and counted_total (finds the tier of tables in % of quota); `keys` include employee_id,
    plan_hash, component_id, interval_id. Decimal places that totals and positions hold exactly are given, so that the
    products of whole numbers stay inside the engine's widest integer.
    Columns: keys, total_amount, counted_total, tier_unit, tier_bound, quota, position_amount, tier_no (reached),
    tier_to (NULL: the last tier, or no quota), earning_amount (rounded once).
-#}
{% macro table_earned(totals, keys, total_places=2, position_places=8) -%}
    {%- set grain = keys | join(', ') -%}
    {%- set scale = (10 ** (total_places + 6)) | string -%}
    select
        {{ grain }},
        total_amount,
        counted_total,
        tier_unit,
        tier_bound,
        quota,
        position_amount,
        tier_no,
        tier_to,
        {{ from_units(
            "case
            when not has_tier then " ~ round_div('total_units * first_rate', scale) ~ "
            when rate_mode = 'marginal' and tier_unit = 'amount' then " ~ round_div('marginal_units', (10 ** (position_places + 6)) | string) ~ "
            when rate_mode = 'marginal' then " ~ round_div('total_units * marginal_units', '(position_units * ' ~ scale ~ ')') ~ "
            when rate_mode = 'whole' or reached_to is null or reached_to = reached_from then " ~ round_div('total_units * reached_rate', scale) ~ "
            else " ~ round_div(
                'total_units * (reached_rate * (reached_to - reached_from) + (reached_end_rate - reached_rate) * (position_units - reached_from))',
                '((reached_to - reached_from) * ' ~ scale ~ ')'
            ) ~ "
        end", 2
        ) }} as earning_amount
    from (
        select
            {{ grain }},
            total_amount,
            counted_total,
            max(tier_unit) as tier_unit,
            max(tier_bound) as tier_bound,
            max(quota) as quota,
            max(position_amount) as position_amount,
            max(rate_mode) as rate_mode,
            bool_and(has_position) and max(position_amount) > 0 as has_tier,
            max(case when is_reached then tier_no end) as tier_no,
            max(case when is_reached then tier_to end) as tier_to,
            {{ to_units('max(total_amount)', total_places) }} as total_units,
            {{ to_units('max(position_amount)', position_places) }} as position_units,
            max(case when tier_no = 1 then {{ to_units('start_rate', 8) }} end) as first_rate,
            sum({{ to_units('slice_amount', position_places) }} * {{ to_units('start_rate', 8) }}) as marginal_units,
            max(case when is_reached then {{ to_units('start_rate', 8) }} end) as reached_rate,
            max(case when is_reached then {{ to_units('end_rate', 8) }} end) as reached_end_rate,
            max(case when is_reached then {{ to_units('tier_from', position_places) }} end) as reached_from,
            max(case when is_reached then {{ to_units('tier_to', position_places) }} end) as reached_to
        from (
            select
                tiered.*,
                case
                    when not has_position or position_amount < 0 then tier_no = 1
                    when tier_bound = 'lower_inclusive'
                        then (tier_no = 1 or position_amount >= tier_from) and (tier_to is null or position_amount < tier_to)
                    else (tier_no = 1 or position_amount > tier_from) and (tier_to is null or position_amount <= tier_to)
                end as is_reached,
                greatest(least(position_amount, coalesce(tier_to, position_amount)) - tier_from, 0) as slice_amount
            from (
                select
                    {{ prefixed(keys, 'totals') }},
                    totals.total_amount,
                    totals.counted_total,
                    tables.rate_mode,
                    tables.tier_bound,
                    tables.tier_unit,
                    quotas.quota,
                    case when tables.tier_unit = 'quota_pct' then totals.counted_total else totals.total_amount end as position_amount,
                    case
                        when tables.tier_unit = 'amount' then true
                        else coalesce(quotas.quota, 0) > 0 and totals.counted_total != 0
                    end as has_position,
                    tiers.tier_no,
                    tiers.start_rate,
                    tiers.end_rate,
                    {{ tier_limit('tiers.lower_bound') }} as tier_from,
                    {{ tier_limit('tiers.upper_bound') }} as tier_to
                from {{ totals }} as totals
                inner join {{ source('plans', 'commission_tables') }} as tables
                    on totals.plan_hash = tables.plan_hash and totals.component_id = tables.component_id
                inner join {{ source('plans', 'commission_tiers') }} as tiers
                    on totals.plan_hash = tiers.plan_hash and totals.component_id = tiers.component_id
                left join {{ ref('int_quotas') }} as quotas
                    on totals.employee_id = quotas.employee_id
                    and totals.plan_hash = quotas.plan_hash
                    and totals.component_id = quotas.component_id
                    and totals.interval_id = quotas.interval_id
            ) as tiered
        ) as judged
        group by {{ grain }}, total_amount, counted_total
    ) as fractions
{%- endmacro %}

{#- A tier bound in money: an amount as it is, a share of quota rounded to fen. -#}
{% macro tier_limit(bound) -%}
    case
        when tables.tier_unit = 'amount' then cast({{ bound }} as decimal(20, 2))
        else cast(round(cast({{ bound }} as decimal(14, 8)) * cast(quotas.quota as decimal(20, 6)), 2) as decimal(20, 2))
    end
{%- endmacro %}
