{#- One sentence of a suggestion. Columns: kind, kpi_name_<language>, value, target, direction, gap, points_gain,
    money_gain, currency, course_title, detail. -#}
{% macro suggestion_text(language) -%}
    {%- set text = dbt.type_string() -%}
    {%- if language == 'zh' -%}
    case kind
        when 'reach_target' then '将“' || kpi_name_zh || '”从 ' || cast({{ short_number('value') }} as {{ text }})
            || case when direction = 'lower' then ' 降到 ' else ' 提高到 ' end || cast({{ short_number('target') }} as {{ text }})
            || coalesce('（可先完成课程“' || course_title || '”）', '')
        when 'complete_course' then '完成课程“' || coalesce(course_title, course_id) || '”，“' || kpi_name_zh || '”才能计分'
        when 'pass_exam' then '通过课程“' || coalesce(course_title, course_id) || '”的考试，“' || kpi_name_zh || '”可加分'
        when 'next_tier' then '再完成 ' || cast({{ short_number('gap') }} as {{ text }}) || '，即可进入下一档提成（' || coalesce(detail, '') || '）'
        when 'next_growth_step' then '再增长 ' || cast({{ short_number('gap') }} as {{ text }}) || '，即可达到下一档增长奖励'
        when 'missing_visit' then '再有 ' || cast({{ short_number('gap') }} as {{ text }}) || ' 次有效到访，即可达到过程奖标准'
        when 'missing_conversion' then '再有 ' || cast({{ short_number('gap') }} as {{ text }}) || ' 位到访客户签约，即可达到过程奖标准'
        when 'missing_reason' then '补充客户转交原因，即可解除暂扣的提成（' || coalesce(detail, '') || '）'
        else coalesce(detail, kind)
    end
    || case when points_gain > 0 then '：约增加 ' || cast({{ short_number('points_gain') }} as {{ text }}) || ' 分' else '' end
    || case when money_gain > 0 then '，约增加收入 ' || cast(cast(money_gain as decimal(18, 2)) as {{ text }}) || ' ' || currency else '' end || '。'
    {%- else -%}
    case kind
        when 'reach_target' then case when direction = 'lower' then 'Bring ' else 'Raise ' end || kpi_name_en || ' from '
            || cast({{ short_number('value') }} as {{ text }}) || case when direction = 'lower' then ' down to ' else ' to ' end
            || cast({{ short_number('target') }} as {{ text }}) || coalesce(' (the course "' || course_title || '" helps)', '')
        when 'complete_course' then 'Complete the course "' || coalesce(course_title, course_id) || '": without it ' || kpi_name_en || ' does not score'
        when 'pass_exam' then 'Pass the exam of the course "' || coalesce(course_title, course_id) || '" for bonus points on ' || kpi_name_en
        when 'next_tier' then 'Another ' || cast({{ short_number('gap') }} as {{ text }}) || ' reaches the next commission tier (' || coalesce(detail, '') || ')'
        when 'next_growth_step' then 'Another ' || cast({{ short_number('gap') }} as {{ text }}) || ' reaches the next growth step'
        when 'missing_visit' then 'Another ' || cast({{ short_number('gap') }} as {{ text }}) || ' valid visits reach the process bonus'
        when 'missing_conversion' then 'Another ' || cast({{ short_number('gap') }} as {{ text }}) || ' signed visitors reach the process bonus'
        when 'missing_reason' then 'State the reason of the customer transfer to free held commission (' || coalesce(detail, '') || ')'
        else coalesce(detail, kind)
    end
    || case when points_gain > 0 then ': about ' || cast({{ short_number('points_gain') }} as {{ text }}) || ' points more' else '' end
    || case when money_gain > 0 then ', about ' || cast(cast(money_gain as decimal(18, 2)) as {{ text }}) || ' ' || currency || ' more' else '' end || '.'
    {%- endif -%}
{%- endmacro %}

{#- A figure for reading: four places without trailing zeros. -#}
{% macro short_number(expression) -%}
    {{ return(adapter.dispatch('short_number')(expression)) }}
{%- endmacro %}

{% macro duckdb__short_number(expression) -%}
    rtrim(rtrim(cast(cast(round({{ expression }}, 4) as decimal(28, 4)) as varchar), '0'), '.')
{%- endmacro %}

{% macro spark__short_number(expression) -%}
    rtrim('.', rtrim('0', cast(cast(round({{ expression }}, 4) as decimal(28, 4)) as string)))
{%- endmacro %}
