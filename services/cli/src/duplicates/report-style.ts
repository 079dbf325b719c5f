/** The style of the page of duplicates. A closed row shows small pictures, an open one shows the same ones large. */
export const STYLE = `:root{color-scheme:light dark;--ground:#f7f8f9;--card:#fff;--text:#171b20;--dim:#5b6570;--line:#dee0e3;--keep:#0b6b45;--spare:#9a4a00;--focus:#5051cf}
@media(prefers-color-scheme:dark){:root{--ground:#14171a;--card:#1d2125;--text:#e8eaec;--dim:#a0a9b2;--line:#343a40;--keep:#6fd3a5;--spare:#f0a868;--focus:#959af4}}
*{box-sizing:border-box}body{margin:0 auto;padding:16px;max-width:1200px;background:var(--ground);color:var(--text);font:14px/1.45 system-ui,sans-serif}
h1{font-size:20px;margin:8px 0}h2{font-size:16px;margin:0 0 8px}p{margin:4px 0 12px;color:var(--dim)}
section{background:var(--card);border:1px solid var(--line);border-radius:8px;padding:12px;margin:12px 0}
ul{list-style:none;margin:0;padding:0}li{padding:6px 0;border-top:1px solid var(--line)}li:first-child{border-top:0}
.path{overflow-wrap:anywhere;font-weight:600}.facts{color:var(--dim);font-weight:400;font-variant-numeric:tabular-nums}.keep{color:var(--keep)}.spare{color:var(--spare)}
.pair{display:grid;max-width:680px;grid-template-columns:1fr 1fr;gap:8px;margin:8px 0}.side{min-width:0}
img,.none{width:100%;aspect-ratio:16/9;object-fit:contain;background:#000;border-radius:4px;display:block}.none{color:#aaa;display:grid;place-items:center;font-size:12px}
.cap{display:block;color:var(--dim);font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
summary{cursor:pointer;padding:4px 0;border-radius:4px}summary:focus-visible{outline:2px solid var(--focus);outline-offset:2px}
.row{display:grid;grid-template-columns:12px 24px 48px minmax(0,1fr) 152px;gap:0 8px;align-items:start;padding:0}
.row::before{content:"";color:var(--dim)}summary.row::before{content:"▸"}[open]>summary.row::before{content:"▾"}
.what>span{display:block}.row>.no{text-align:right;color:var(--dim);font-variant-numeric:tabular-nums}.row>.pair{grid-column:5;grid-row:1;width:152px;gap:4px;margin:0}
.row .cap{display:none}[open]>.row>.pair{grid-column:4/-1;grid-row:2;width:auto;gap:8px;margin:8px 0}[open]>.row .cap{display:block}
.more{padding-left:108px}.rest{margin-top:8px}.rest .row{grid-template-columns:12px minmax(0,1fr) 152px}.rest .row>.pair{grid-column:3}
.rest [open]>.row>.pair{grid-column:2/-1}.rest .more{padding-left:20px}
@media(max-width:600px){.row>.no{text-align:left}.row{grid-template-columns:12px 20px minmax(0,1fr) 116px}.row>.pair{grid-column:4;width:116px}
.row>.what{grid-column:2/-1;grid-row:2}[open]>.row>.pair{grid-column:1/-1;grid-row:3}.more,.rest .more{padding-left:0}
.rest .row{grid-template-columns:12px minmax(0,1fr) 116px}.rest .row>.what{grid-column:2;grid-row:1}.rest [open]>.row>.pair{grid-column:1/-1;grid-row:2}}`
