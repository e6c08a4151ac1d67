"""The catalogue page: one static page that shows a release, its tables, pictures and findings.

Belongs here: pictures (one module a kind) and the page itself, tables in and text out, the same tables giving the same
bytes. Does not belong here: what a table or column means (``schema``), and anything that needs a server or a network.

    picture         what a picture is: title, notes, drawing, alternative text and data table
    svg             colours and the few shapes that pictures are drawn of
    outcome_bars    for an outcome, all forces as bars, one of which the page picks out
    force_outcomes  a force's outcomes against England and Wales
    grade_tiles     a force's grades over the years, with a break where the scale changes
    holdings        what each report holds and lacks
    findings_search what the page carries of the findings, to be searched
    page            index.html
    templates/      its HTML, style and script
"""
