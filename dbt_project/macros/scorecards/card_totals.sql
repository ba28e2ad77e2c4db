{#-
    Group scores, service bonus, violations, total and bonus money of cards, from items with a status and a score.
    `items`: variant (text; '' for the card as it is), employee_id, period, plan_hash, component_id, kpi_id,
    group_name, weight, status, score, is_counted, is_reached. One row per variant and card. Used for the cards and,
    with one item changed at a time, for what a suggestion would bring. Rulebook 9.
-#}
{% macro card_totals(items) -%}
    with service as (
        select
            items.variant,
            items.employee_id,
            items.period,
            items.plan_hash,
            items.component_id,
            sum(case when items.status = 'scored' and items.is_reached then 1 else 0 end) as reached_count
        from {{ items }} as items
        inner join {{ source('plans', 'scorecard_service_kpis') }} as kpis
            on items.plan_hash = kpis.plan_hash
            and items.component_id = kpis.component_id
            and items.kpi_id = kpis.kpi_id
        group by items.variant, items.employee_id, items.period, items.plan_hash, items.component_id
    ),

    service_kpis as (
        select
            plan_hash,
            component_id,
            count(*) as kpi_count
        from {{ source('plans', 'scorecard_service_kpis') }}
        group by plan_hash, component_id
    ),

    groups as (
        select
            variant,
            employee_id,
            period,
            plan_hash,
            component_id,
            {% for name in ['business', 'management'] -%}
            sum(case when group_name = '{{ name }}' and status = 'scored' then 1 else 0 end) as {{ name }}_scored,
            sum(case when group_name = '{{ name }}' and is_counted then cast(weight as decimal(20, 6)) * score else 0 end) as {{ name }}_sum,
            sum(case when group_name = '{{ name }}' and is_counted then weight else 0 end) as {{ name }}_weights{{ ',' if not loop.last }}
            {% endfor %}
        from {{ items }}
        group by variant, employee_id, period, plan_hash, component_id
    ),

    scored as (
        select
            groups.variant,
            cards.*,
            coalesce(violations.violation_count, 0) as violation_count,
            factors.factor as violation_factor,
            case when service.reached_count = service_kpis.kpi_count then cards.service_bonus_points else 0 end as service_bonus,
            {% for name in ['business', 'management'] -%}
            case when groups.{{ name }}_scored > 0 then
                {{ exact_div('groups.' ~ name ~ '_sum', 'groups.' ~ name ~ '_weights', 4, 10) }}
                + case
                    when cards.service_bonus_group = '{{ name }}' and service.reached_count = service_kpis.kpi_count
                        then cards.service_bonus_points
                    else 0
                end
            end as {{ name }}_before{{ ',' if not loop.last }}
            {% endfor %}
        from groups
        inner join {{ ref('int_scorecard_cards') }} as cards
            on groups.employee_id = cards.employee_id
            and groups.period = cards.period
            and groups.plan_hash = cards.plan_hash
            and groups.component_id = cards.component_id
        left join service_kpis
            on groups.plan_hash = service_kpis.plan_hash and groups.component_id = service_kpis.component_id
        left join service
            on groups.variant = service.variant
            and groups.employee_id = service.employee_id
            and groups.period = service.period
            and groups.plan_hash = service.plan_hash
            and groups.component_id = service.component_id
        left join {{ ref('int_violation_counts') }} as violations
            on groups.employee_id = violations.employee_id and groups.period = violations.period
        left join {{ source('plans', 'violation_factors') }} as factors
            on groups.plan_hash = factors.plan_hash
            and groups.component_id = factors.component_id
            and least(coalesce(violations.violation_count, 0), 366) = factors.violation_count
    ),

    deducted as (
        select
            scored.*,
            case when business_before is not null then cast(greatest(business_before, 0) as decimal(18, 4)) end as business_score,
            case when management_before is not null then cast(greatest(round(
                cast(management_before as decimal(20, 4)) * cast(violation_factor as decimal(18, 12)), 4
            ), 0) as decimal(18, 4)) end as management_score
        from scored
    ),

    totalled as (
        select
            deducted.*,
            (business_weight > 0 and business_score is null) or (management_weight > 0 and management_score is null) as is_unscored
        from deducted
    )

    select
        totalled.*,
        case when not is_unscored then {{ exact_div(
            'cast(coalesce(business_score, 0) as decimal(20, 4)) * business_weight + cast(coalesce(management_score, 0) as decimal(20, 4)) * management_weight',
            'business_weight + management_weight', 4, 10
        ) }} end as total_score,
        {% for name in ['business', 'management'] -%}
        case when not is_unscored and pays_bonus and bonus_base_days > 0 and {{ name }}_weight > 0 then
            {{ from_units(round_div(
                to_units(name ~ '_score', 4) ~ ' * ' ~ to_units(name ~ '_weight', 6) ~ ' * ' ~ to_units('bonus_base_days', 2),
                '(' ~ to_units('business_weight + management_weight', 6) ~ ' * 1000000 * days_in_period)'
            ), 2) }}
        end as {{ name }}_bonus{{ ',' if not loop.last }}
        {% endfor %}
    from totalled
{%- endmacro %}
