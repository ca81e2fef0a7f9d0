-- Relations that two or more lenses use, in the dialect that DuckDB and Spark share.

-- Every place with each place it lies in, itself included; steps is 0 for itself.
create view within as
with recursive climb as (
  select place_id, place_id as ancestor_id, 0 as steps
  from places
  union all
  select climb.place_id, places.parent_id as ancestor_id, climb.steps + 1 as steps
  from climb
  join places on places.place_id = climb.ancestor_id
  where places.parent_id is not null and climb.steps < 12
)
select place_id, ancestor_id, steps
from climb;

-- The position of every place: its own, else that of the nearest place around it that has one.
create view positions as
select place_id, located_at, longitude, latitude
from (
  select
    within.place_id,
    places.place_id as located_at,
    places.longitude,
    places.latitude,
    row_number() over (partition by within.place_id order by within.steps) as nearness
  from within
  join places on places.place_id = within.ancestor_id
  where places.longitude is not null and places.latitude is not null
) as candidates
where nearness = 1;

-- The country of every place.
create view countries as
select within.place_id, within.ancestor_id as country_id
from within
join places on places.place_id = within.ancestor_id
where places.level = 'country';

-- Where an organisation works when a row does not say at which site: its only site, if it has one.
create view only_sites as
select org_id, min(site_id) as site_id
from sites
group by org_id
having count(*) = 1;

-- The links of chains that count: an assumed one is listed, never counted.
create view chain_links as
select chain_id, product_id, stage, segment, coalesce(weight, 1.0) as weight, evidence, source_id
from chain_products
where evidence <> 'assumed';

-- Who makes what, where: one row for a product, an organisation and a site. Assumed makers are
-- listed nowhere here, for they are never counted. Evidence is that of the making; the position
-- has its own, for a known maker may stand at a generated position.
create view makers as
with best as (
  select
    makes.product_id,
    makes.org_id,
    coalesce(makes.site_id, only_sites.site_id) as site_id,
    min(
      case makes.evidence when 'verified' then 1 when 'declared' then 2 else 3 end
    ) as rank,
    max(makes.year) as year,
    max(makes.capacity) as capacity,
    min(makes.source_id) as source_id
  from makes
  left join only_sites on only_sites.org_id = makes.org_id
  where makes.evidence <> 'assumed'
  group by makes.product_id, makes.org_id, coalesce(makes.site_id, only_sites.site_id)
)
select
  best.product_id,
  best.org_id,
  best.site_id,
  coalesce(sites.place_id, organisations.place_id) as place_id,
  case
    when sites.longitude is not null and sites.latitude is not null then sites.longitude
    else positions.longitude
  end as longitude,
  case
    when sites.longitude is not null and sites.latitude is not null then sites.latitude
    else positions.latitude
  end as latitude,
  case
    when sites.longitude is not null and sites.latitude is not null then 'site'
    when positions.longitude is not null then 'place'
  end as located_by,
  positions.located_at,
  case
    when best.rank = 3 or organisations.evidence = 'synthetic' then 'synthetic'
    when best.rank = 1 then 'verified'
    else 'declared'
  end as evidence,
  coalesce(sites.evidence, organisations.evidence) as position_evidence,
  best.year,
  best.capacity,
  best.source_id
from best
join organisations on organisations.org_id = best.org_id
left join sites on sites.site_id = best.site_id
left join positions
  on positions.place_id = coalesce(sites.place_id, organisations.place_id);

-- How many make a product in a place or inside it, with and without synthetic rows.
create view makers_within as
select
  within.ancestor_id as place_id,
  makers.product_id,
  count(distinct makers.org_id) as makers,
  count(distinct case when makers.evidence <> 'synthetic' then makers.org_id end) as recorded,
  sum(makers.capacity) as capacity
from makers
join within on within.place_id = makers.place_id
group by within.ancestor_id, makers.product_id;

-- Whether a product is imported from abroad (1) or trade says that it is not (0), as reported by
-- a place or by one around it, with and without synthetic rows. Value tells, else quantity. A
-- partner that is no place on record is abroad.
create view product_imports as
select
  within.place_id,
  product_codes.product_id,
  max(cast(coalesce(trade.value, trade.quantity) > 0 as integer)) as imported,
  max(
    case
      when trade.evidence <> 'synthetic'
        then cast(coalesce(trade.value, trade.quantity) > 0 as integer)
    end
  ) as recorded,
  string_agg(distinct trade.source_id, ';') as source_id
from trade
join product_codes
  on product_codes.scheme = trade.scheme and product_codes.code = trade.code
join within on within.ancestor_id = trade.reporter
left join countries as home on home.place_id = within.place_id
left join countries on countries.place_id = trade.partner
where trade.flow = 'import'
  and trade.evidence <> 'assumed'
  and (countries.country_id is null or countries.country_id <> home.country_id)
group by within.place_id, product_codes.product_id;

-- What was observed of a product in a place, for one column each.
create view product_figures as
select
  subject_id as place_id,
  activity as product_id,
  max(case when measure = 'location_quotient' then value end) as quotient,
  max(case when measure = 'need' then value end) as need
from observations
where subject_kind = 'place' and evidence <> 'assumed'
group by subject_id, activity;

-- Where distances start: a site's own position (rank 1), else that of its place; or a place's.
create view starting_points as
select
  site_id as origin_id, 'sites' as origin_table, 1 as rank, place_id,
  'sites' as held_in, site_id as held_by, longitude, latitude, evidence, source_id
from sites
where longitude is not null and latitude is not null
union all
select
  sites.site_id as origin_id, 'sites' as origin_table, 2 as rank, sites.place_id,
  'places' as held_in, positions.located_at as held_by,
  positions.longitude, positions.latitude, places.evidence, places.source_id
from sites
join positions on positions.place_id = sites.place_id
join places on places.place_id = positions.located_at
union all
select
  positions.place_id as origin_id, 'places' as origin_table, 3 as rank, positions.place_id,
  'places' as held_in, positions.located_at as held_by,
  positions.longitude, positions.latitude, places.evidence, places.source_id
from positions
join places on places.place_id = positions.located_at;
