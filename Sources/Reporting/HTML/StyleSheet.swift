/// The look of the HTML report: one column of prose, numbers in a fixed pitch, ink and paper that
/// follow the reader's light or dark preference, and a print form.
///
/// Colours of curves are those of M. Okabe and K. Ito, "Color Universal Design" (2008), told apart
/// with every common kind of colour vision; the dark variants are lighter tints of the same hues.
enum StyleSheet {
  static let text = """
    :root{color-scheme:light dark;--paper:#fff;--ink:#1b1e23;--soft:#5b6470;--faint:#8a929c;\
    --rule:#d9dde2;--wash:#f5f6f8;--accent:#0067a3;--warn:#a84300;--warnwash:#fdf3ea;\
    --c0:#0072b2;--c1:#d55e00;--c2:#00875f;--c3:#b0578d;--c4:#b07d00;--c5:#3d8fc4;\
    --useful:#00875f;--wait:#d55e00;--transfer:#e69f00;--interrupt:#b0578d;--message:#0072b2;\
    --idle:#d9dde2;--heat:#08457e;--heatink:#fff}
    @media(prefers-color-scheme:dark){:root{--paper:#14171b;--ink:#e4e7eb;--soft:#a3abb5;\
    --faint:#767f8a;--rule:#323840;--wash:#1c2025;--accent:#6cb6ea;--warn:#f0a35e;\
    --warnwash:#2a2018;--c0:#56b4e9;--c1:#f08a4b;--c2:#3fc49a;--c3:#dd8fbd;--c4:#e0b040;\
    --c5:#9ccbea;--useful:#2fa980;--wait:#e0702a;--transfer:#d9a52f;--interrupt:#c979ab;\
    --message:#4a9fd6;--idle:#323840;--heat:#7cc4f5;--heatink:#0c1116}}
    *{box-sizing:border-box}
    html{-webkit-text-size-adjust:100%;scroll-padding-top:1rem}
    body{overflow-wrap:anywhere;margin:0;background:var(--paper);color:var(--ink);\
    font:1rem/1.55 system-ui,-apple-system,"Segoe UI",Roboto,"Liberation Sans",sans-serif}
    .page{display:grid;grid-template-columns:minmax(0,48rem);justify-content:center;gap:0 3.5rem;\
    padding:2.5rem 1.25rem 4rem}
    header,main,footer,nav{grid-column:1}
    h1{font-size:1.7rem;line-height:1.2;font-weight:650;letter-spacing:-.015em;margin:0}
    .subtitle{color:var(--soft);margin:.35rem 0 0;font-variant-numeric:tabular-nums}
    nav{margin:1.5rem 0 0;font-size:.875rem;border-top:1px solid var(--rule);\
    border-bottom:1px solid var(--rule);padding:.7rem 0}
    nav ol{list-style:none;margin:0;padding:0;columns:3 12rem;column-gap:1.5rem}
    nav li{margin:.1rem 0;break-inside:avoid}
    nav a{color:var(--soft);text-decoration:none}
    nav a:hover,nav a:focus-visible{color:var(--accent);text-decoration:underline}
    nav a{display:flex}
    nav .n{flex:none;width:1.7em;color:var(--faint);font-variant-numeric:tabular-nums}
    nav .gap{color:var(--faint);font-style:italic}
    section{margin:2.75rem 0 0}
    h2{font-size:1.15rem;line-height:1.3;font-weight:650;margin:0 0 .8rem;padding-bottom:.35rem;\
    border-bottom:1px solid var(--rule)}
    h2 .n{color:var(--faint);font-weight:400;margin-right:.55em;font-variant-numeric:tabular-nums}
    p{margin:.8rem 0}
    .lead{font-size:1.3rem;line-height:1.45;margin:.4rem 0 1rem;text-wrap:pretty}
    .lead strong{font-weight:650}
    code,pre,.mono{font-family:ui-monospace,"SF Mono","Cascadia Mono",Menlo,"DejaVu Sans Mono",\
    "Liberation Mono",monospace;font-size:.875em}
    code{overflow-wrap:anywhere}
    pre{background:var(--wash);border:1px solid var(--rule);border-radius:4px;margin:.6rem 0;\
    padding:.6rem .8rem;white-space:pre-wrap;overflow-wrap:anywhere;line-height:1.5}
    ul{margin:.6rem 0;padding-left:1.15rem}
    li{margin:.25rem 0}
    dl{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:.3rem 1.4rem;margin:1rem 0;\
    font-size:.925rem}
    dt{color:var(--soft);max-width:14rem;overflow-wrap:anywhere}
    dd{margin:0;overflow-wrap:anywhere;font-variant-numeric:tabular-nums}
    .note{border-left:3px solid var(--rule);padding:.1rem 0 .1rem .9rem;margin:1rem 0;\
    color:var(--soft)}
    .note.warning{border-color:var(--warn);background:var(--warnwash);color:var(--ink);\
    padding:.6rem .9rem}
    .note b{font-weight:600;color:var(--ink)}
    .note.warning b{color:var(--warn)}
    .note p{margin:.3rem 0}
    .table{margin:1.2rem 0;overflow-x:auto}
    table{border-collapse:collapse;font-size:.875rem;line-height:1.4;min-width:50%}
    caption{caption-side:top;text-align:left;color:var(--soft);padding:0 0 .5rem;max-width:46rem}
    th{font-weight:600;color:var(--soft);border-bottom:1px solid var(--faint);vertical-align:bottom}
    td{border-bottom:1px solid var(--rule);vertical-align:top}
    th,td{padding:.3rem .55rem;text-align:left;overflow-wrap:break-word;max-width:24rem;hyphens:manual}
    th:first-child,td:first-child{padding-left:0}
    th:last-child,td:last-child{padding-right:0}
    th.r,td.r{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}
    th.r{white-space:normal}
    tr.strong td{font-weight:650}
    tbody tr:hover td{background:var(--wash)}
    figure{margin:1.4rem 0;overflow-x:auto}
    figcaption{color:var(--soft);font-size:.875rem;margin:0 0 .4rem}
    figcaption b{color:var(--ink);font-weight:600}
    svg{display:block;width:100%;min-width:34rem;height:auto;font-family:inherit}
    svg text{fill:var(--soft);font-size:12px;font-variant-numeric:tabular-nums;paint-order:stroke;\
    stroke:var(--paper);stroke-width:3px;stroke-linejoin:round}
    svg text[style*=heatink]{stroke:none}
    svg .axis{stroke:var(--faint);stroke-width:1}
    svg .grid{stroke:var(--rule);stroke-width:1}
    svg .title{fill:var(--ink);font-weight:600}
    svg .value{fill:var(--ink)}
    footer{margin-top:3.5rem;padding-top:.8rem;border-top:1px solid var(--rule);color:var(--faint);\
    font-size:.8rem}
    @media(max-width:40rem){.page{padding-top:1.5rem}h1{font-size:1.4rem}.lead{font-size:1.15rem}\
    dl{grid-template-columns:1fr;gap:0}dd{margin:0 0 .5rem}}
    @media print{:root{color-scheme:light;--paper:#fff;--ink:#000;--soft:#333;--faint:#666;\
    --rule:#bbb;--wash:#fff;--warnwash:#fff}body{font-size:10pt}.page{display:block;padding:0}\
    nav{display:none}section{margin-top:1.6rem}h2,caption,figcaption{break-after:avoid}\
    figure,tr,.note,pre,.table{break-inside:avoid}.table,figure{overflow:visible}tbody tr:hover td{background:none}}
    """
}
