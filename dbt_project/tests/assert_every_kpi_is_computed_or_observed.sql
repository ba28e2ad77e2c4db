-- Every KPI of the catalogue (plans/kpis.yml) has a model, or `observed: true`: anything else would be a KPI without data.
select catalogue.kpi_id
from {{ source('plans', 'kpi_catalogue') }} as catalogue
where not catalogue.is_observed and catalogue.kpi_id not in ('{{ kpi_models() | join("', '") }}')
