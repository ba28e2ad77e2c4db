{#- One sentence of a suggestion. Columns: kind, kpi_name_<language>, unit, value_text, target_text, direction, gap_text,
    points_text, money_text, currency, course_id, course_title, detail, measure_name_<language>, is_team. -#}
{% macro suggestion_text(language) -%}
    {%- set name = 'kpi_name_' ~ language -%}
    {%- set measure = 'measure_name_' ~ language -%}
    {%- set course = 'coalesce(course_title, course_id)' -%}
    {%- set hours = " || case when unit = 'hours' then '" ~ (' 小时' if language == 'zh' else ' hours') ~ "' else '' end" -%}
    {%- set value, target, gap = 'value_text' ~ hours, 'target_text' ~ hours, 'gap_text' ~ hours -%}
    {%- if language == 'zh' -%}
    case kind
        when 'reach_target' then '将“' || {{ name }} || '”从 ' || {{ value }}
            || case when direction = 'lower' then ' 降到 ' else ' 提高到 ' end || {{ target }}
            || coalesce('（课程“' || {{ course }} || '”有帮助）', '')
        when 'complete_course' then '完成课程“' || {{ course }} || '”，“' || {{ name }} || '”才能计分'
        when 'pass_exam' then '通过课程“' || {{ course }} || '”的考试，“' || {{ name }} || '”可加分'
        when 'next_tier' then '再完成 ' || {{ gap }} || '，即可进入下一档提成' || coalesce('（' || detail || '）', '')
        when 'next_growth_step' then case when is_team then '团队' else '' end || '“' || {{ measure }} || '”再增加 ' || {{ gap }}
            || '，即可达到下一档增长奖励'
        when 'missing_visit' then '再有 ' || {{ gap }} || ' 次有效到访，即可达到过程奖的到访标准'
        when 'missing_conversion' then '再有 ' || {{ gap }} || ' 位到访客户签约，即可达到过程奖的转化标准'
        when 'missing_reason' then '补充客户转单原因，即可解除暂扣的提成' || coalesce('（成交 ' || detail || '）', '')
        else coalesce(detail, kind)
    end
    || case when points_text is not null then '：约增加 ' || points_text || ' 分' else '' end
    || case when money_text is not null then '，约增加收入 ' || money_text || ' ' || currency else '' end || '。'
    {%- else -%}
    case kind
        when 'reach_target' then case when direction = 'lower' then 'Bring ' else 'Raise ' end || {{ name }} || ' from '
            || {{ value }} || case when direction = 'lower' then ' down to ' else ' to ' end
            || {{ target }} || coalesce(' (the course "' || {{ course }} || '" helps)', '')
        when 'complete_course' then 'Complete the course "' || {{ course }} || '": without it ' || {{ name }} || ' does not score'
        when 'pass_exam' then 'Pass the exam of the course "' || {{ course }} || '" for bonus points on ' || {{ name }}
        when 'next_tier' then 'Another ' || {{ gap }} || ' reaches the next commission tier' || coalesce(' (' || detail || ')', '')
        when 'next_growth_step' then 'Another ' || {{ gap }} || ' of ' || case when is_team then {{ text_literal("the team's ") }} else '' end
            || {{ measure }} || ' reaches the next growth step'
        when 'missing_visit' then 'Another ' || {{ gap }} || ' valid visits reach the visits of the process bonus'
        when 'missing_conversion' then 'Another ' || {{ gap }} || ' signed visitors reach the conversion of the process bonus'
        when 'missing_reason' then 'State the reason of the customer transfer to free held commission' || coalesce(' (deals ' || detail || ')', '')
        else coalesce(detail, kind)
    end
    || case when points_text is not null then ': about ' || points_text || ' points more' else '' end
    || case when money_text is not null then ', about ' || money_text || ' ' || currency || ' more' else '' end || '.'
    {%- endif -%}
{%- endmacro %}

{#- A figure in the unit of the column `unit`: shares as percents, money with its currency; hours get their unit in the sentence. -#}
{% macro figure_text(expression) -%}
    case unit
        when 'ratio' then {{ short_number('100 * ' ~ expression, 2) }} || '%'
        when 'money' then {{ money_text(expression) }} || coalesce(' ' || currency, '')
        else {{ short_number(expression, 2) }}
    end
{%- endmacro %}

{#- An amount with its two places. -#}
{% macro money_text(expression) -%}
    cast(cast(round({{ expression }}, 2) as decimal(28, 2)) as {{ dbt.type_string() }})
{%- endmacro %}

{#- The name of a measure that is no KPI of the catalogue; NULL for the others. -#}
{% macro measure_name(column, language) -%}
    {%- set names = {
        'sales_amount': ('销售额', 'sales amount'),
        'counted_sales_amount': ('计入销售额', 'counted sales amount'),
        'units': ('销售量', 'units sold'),
        'valid_leads': ('有效线索数', 'valid leads'),
    } -%}
    case {{ column }}
        {%- for measure, name in names.items() %}
        when '{{ measure }}' then '{{ name[0 if language == 'zh' else 1] }}'
        {%- endfor %}
    end
{%- endmacro %}
