{#-
    From lines due to lines with a status: reasons in their fixed order, resolutions, releases.
    `relation` has: component, component_id, plan_id, plan_hash, deal_id, transaction_id, kpi_id, employee_id, period,
    origin_period, currency, basis_amount, rate, amount, note, is_bad_split, is_unresolved, is_transfer_held,
    is_process_held, is_forfeited, is_terminated, is_plan_missing, is_fx_missing, is_unread, change_id (transfer it hangs on),
    reversed_transaction_id (the positive transaction whose resolution counts), release_period (process bonus reached
    later). A closed month is never rewritten: a decision of a later month is a line of that month.
-#}
{% macro payout_line_id(transaction_column='transaction_id') -%}
    {{ md5_key(['component', 'plan_id', 'component_id', 'deal_id', transaction_column, 'kpi_id', 'employee_id', 'origin_period']) }}
{%- endmacro %}

{#- Id of the line that settles a held line. -#}
{% macro settled_line_id(line_id) -%}
    md5({{ line_id }} || '|settled')
{%- endmacro %}

{% macro settle_lines(relation) -%}
    {#- of a decision on the transfer and one on the line, that of the earlier month settles it -#}
    {%- set transfer_is_first -%}
        transfer_resolutions.decided_period < coalesce(line_resolutions.decided_period, '9999-12')
    {%- endset -%}
    {%- set of_component = 'component, component_id, plan_id, plan_hash, deal_id, transaction_id, kpi_id' -%}
    {%- set of_amount = 'origin_period, currency, basis_amount, rate, amount' -%}
    with judged as (
        select
            lines.*,
            nullif(concat_ws(
                ';',
                case when is_bad_split then 'bad_split' end,
                case when is_unresolved then 'unresolved' end,
                case when is_transfer_held then 'transfer' end,
                case when is_process_held or is_forfeited then 'process' end,
                case when is_terminated then 'terminated' end,
                case when is_plan_missing then 'no_plan' end,
                case when is_fx_missing then 'no_fx_rate' end,
                case when is_unread then 'row_in_quarantine' end
            ), '') as own_reasons
        from {{ relation }} as lines
    ),

    -- only what has a reason to be held can be settled; most lines have none and need no look at decisions
    keyed as (
        select
            judged.*,
            {{ payout_line_id() }} as line_id,
            {{ payout_line_id('reversed_transaction_id') }} as named_line_id,
            case when is_transfer_held then change_id end as named_change_id
        from judged
        where own_reasons is not null
    ),

    checked as (
        select
            keyed.*,
            unread_lines.subject_id is not null or unread_transfers.subject_id is not null as is_decision_unread
        from keyed
        left join {{ ref('int_unread_decisions') }} as unread_lines
            on unread_lines.subject = 'payout_line' and keyed.named_line_id = unread_lines.subject_id
        left join {{ ref('int_unread_decisions') }} as unread_transfers
            on unread_transfers.subject = 'transfer' and keyed.named_change_id = unread_transfers.subject_id
    ),

    -- no decision counts while one on the same line, or a row the line depends on, is in quarantine
    due as (
        select
            checked.*,
            case
                when is_decision_unread and not coalesce(is_unread, false) then own_reasons || ';row_in_quarantine'
                else own_reasons
            end as reasons,
            case when not is_decision_unread and not coalesce(is_unread, false) then named_line_id end as resolved_line_id,
            case when not is_decision_unread and own_reasons = 'transfer' then named_change_id end as resolved_change_id
        from checked
    ),

    resolved as (
        select
            due.*,
            case when {{ transfer_is_first }} then transfer_resolutions.decision else line_resolutions.decision end as decision,
            case when {{ transfer_is_first }} then transfer_resolutions.decided_period else line_resolutions.decided_period end as decided_period,
            case when {{ transfer_is_first }} then transfer_resolutions.to_employee_id else line_resolutions.to_employee_id end as to_employee_id,
            case when due.reasons = 'process' and not due.is_forfeited then due.release_period end as own_release_period
        from due
        left join {{ ref('int_resolutions') }} as line_resolutions
            on line_resolutions.subject = 'payout_line'
            and due.resolved_line_id = line_resolutions.subject_id
        left join {{ ref('int_resolutions') }} as transfer_resolutions
            on transfer_resolutions.subject = 'transfer'
            and due.resolved_change_id = transfer_resolutions.subject_id
    ),

    timed as (
        select
            resolved.*,
            decision is not null and decided_period <= period as is_decided_at_once,
            decision is not null and decided_period > period
            and decided_period <= coalesce(own_release_period, decided_period) as is_settled_by_decision
        from resolved
    ),

    -- a decision at once leaves nothing to settle
    decided as (
        select
            timed.*,
            case
                when is_settled_by_decision then decided_period
                when not is_decided_at_once then own_release_period
            end as settled_period
        from timed
    )

    select
        {{ payout_line_id() }} as line_id,
        {{ of_component }},
        employee_id,
        period,
        {{ of_amount }},
        'earned' as status,
        note as reason
    from judged
    where own_reasons is null
    union all
    select
        line_id,
        {{ of_component }},
        case when is_decided_at_once and decision = 'reassign' then to_employee_id else employee_id end as employee_id,
        period,
        {{ of_amount }},
        case
            when is_decided_at_once and decision = 'reject' then 'forfeited'
            when is_decided_at_once then 'earned'
            when is_forfeited and reasons = 'process' then 'forfeited'
            else 'held'
        end as status,
        case
            when is_decided_at_once and decision != 'reject' then note
            else reasons
        end as reason
    from decided
    union all
    select
        {{ settled_line_id('line_id') }} as line_id,
        {{ of_component }},
        case when is_settled_by_decision and decision = 'reassign' then to_employee_id else employee_id end as employee_id,
        settled_period as period,
        {{ of_amount }},
        case when is_settled_by_decision and decision = 'reject' then 'forfeited' else 'released' end as status,
        reasons as reason
    from decided
    where settled_period is not null
{%- endmacro %}
