{#-
    Who is meant by an employee column: in a file an exact employee id, else the crosswalk of the source `files`; in a record of
    a connected system the crosswalk of that system, else an exact employee id, for the numbers of its users are its own.
    Else a unique e-mail (case-folded), else UNRESOLVED. A missing or empty value stays NULL.
    `join_employees` and `resolve_employee` belong together: the first adds the look-ups of each column, the second
    reads them. `relation` is the alias of the rows.
-#}
{% macro resolve_employee(column, relation='latest') -%}
    case
        when coalesce({{ relation }}.{{ column }}, '') <> ''
            then coalesce(
                {{ column }}_user.employee_id,
                {{ column }}_exact.employee_id,
                {{ column }}_email.employee_id,
                'UNRESOLVED'
            )
    end
{%- endmacro %}

{% macro join_employees(columns, relation='latest') -%}
    {% for column in columns -%}
    left join {{ ref('stg_employee_identifiers') }} as {{ column }}_exact
        on {{ relation }}.{{ column }} = {{ column }}_exact.identifier
        and {{ column }}_exact.match_on = 'exact'
    left join {{ ref('stg_employee_identifiers') }} as {{ column }}_user
        on {{ relation }}.{{ column }} = {{ column }}_user.identifier
        and {{ column }}_user.match_on = {{ relation }}._source || ' user'
    left join {{ ref('stg_employee_identifiers') }} as {{ column }}_email
        on lower(trim({{ relation }}.{{ column }})) = {{ column }}_email.identifier
        and {{ column }}_email.match_on = 'email'
    {% endfor %}
{%- endmacro %}

{#- Whether two employee columns, joined by `join_employees`, name one known person. -#}
{% macro is_same_person(one, other) -%}
    coalesce({{ resolve_employee(one) }} = nullif({{ resolve_employee(other) }}, 'UNRESOLVED'), false)
{%- endmacro %}

{#-
    One row per resolved key where the key holds an employee: the same person may be delivered under the employee
    number once and under an e-mail the next time. The latest delivery counts; two rows of one delivery contradict
    each other and neither counts. Unresolved employees are kept apart by what was delivered.
    Adds `key_rank` (1 = the row that counts) and `rows_in_load` (more than 1 = contradiction).
-#}
{% macro rank_resolved_keys(relation, keys) -%}
    {%- set person = "case when employee_id = 'UNRESOLVED' then employee_id_raw else employee_id end" -%}
    select
        counted.*,
        row_number() over (
            partition by {{ person }}, {{ keys | join(', ') }}
            order by case when rows_in_load = 1 then 0 else 1 end asc, load_seq desc, record_id asc
        ) as key_rank
    from (
        select
            {{ relation }}.*,
            count(*) over (partition by {{ person }}, {{ keys | join(', ') }}, load_seq) as rows_in_load
        from {{ relation }}
    ) as counted
{%- endmacro %}
