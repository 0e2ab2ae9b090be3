-- What is shown of events as evidence.
SELECT e.id, e.report_id, e.origin, e.type, e.mode, e.quad, e.intensity, e.date, e.date_precision, e.day_first, e.status,
       e.background, e.mutual, e.contexts, e.confidence, e.account_party, e.contact, e.place.text AS place,
       [struct_pack(name := p.name, text := p.text, country := p.country, sector := p.sector, office := p.office) FOR p IN e.source] AS source,
       [struct_pack(name := p.name, text := p.text, country := p.country, sector := p.sector, office := p.office) FOR p IN e.target] AS target,
       e.outlet, e.outlet_country, e.published, e.demo, r.title, r.url,
       substring(r.text, e.sentence[1] + 1, e.sentence[2] - e.sentence[1]) AS words
FROM events_v1 e LEFT JOIN reports_v1 r ON r.id = e.report_id
WHERE {where}
ORDER BY e.day_first, e.id
