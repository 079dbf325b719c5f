// offline.mts DNA_DIR OUT : all pairs through candidates (exact) and matchFingerprints of the given dna package
import { readFileSync, writeFileSync } from 'node:fs'
const [dir, out] = process.argv.slice(2)
const dna = await import(`${dir}/packages/dna/src/index.ts`)
const m = JSON.parse(readFileSync('/tmp/bench/full/manifest.json','utf8'))
const refs = m.library.map((c:any)=>({id:c.id, fp: dna.decodeFingerprint(readFileSync(`/tmp/exp/fp/${c.id}.r`))}))
const pop=(x:number)=>{x-=(x>>>1)&0x55555555;x=(x&0x33333333)+((x>>>2)&0x33333333);return (((x+(x>>>4))&0x0f0f0f0f)*0x01010101)>>>24}
const dist=(a:Uint32Array,b:Uint32Array)=>{let d=0;for(let i=0;i<8;i++)d+=pop((a[i] as number)^(b[i] as number));return d}
if(process.env.SLIM){let bytes=0,secs=0;for(const r of refs){const v=r.fp.video;const keep:number[]=[];let last=-1e9;for(let i=0;i<v.startMs.length;i++){if(v.startMs[i]-last>=Number(process.env.SLIM)){keep.push(i);last=v.startMs[i]}}const h=new Uint32Array(keep.length*8);keep.forEach((k,n)=>h.set(v.hashes.subarray(k*8,k*8+8),n*8));r.fp={...r.fp,views:[],video:{...v,startMs:Uint32Array.from(keep,k=>v.startMs[k]),lastMs:Uint32Array.from(keep,(k,n)=>Math.max(v.lastMs[k],0)),quality:Uint8Array.from(keep,k=>v.quality[k]),hashes:h}};bytes+=dna.encodeFingerprint(r.fp).length;secs+=r.fp.durationSeconds}console.log('slim MB/h',(bytes/secs*3600/1e6).toFixed(3))}
let ob=0,os=0;for(const r of refs){ob+=dna.encodeFingerprint(r.fp).length;os+=r.fp.durationSeconds};console.log('fp MB/h',(ob/os*3600/1e6).toFixed(3));
const idx={video:[] as any[],audio:[] as any[]}
for(const r of refs){for(const k of dna.keyframesOf(r.fp))idx.video.push({id:r.id,...k});for(const k of dna.audioWindowsOf(r.fp))idx.audio.push({id:r.id,...k})}
console.log('rows/h',Math.round(idx.video.length/os*3600),Math.round(idx.audio.length/os*3600));const rows:any[]=[]; let cpu=process.cpuUsage(); let pairs=0
for(const q of m.queries){ const fp=dna.decodeFingerprint(readFileSync(`/tmp/exp/fp/${q.id}.q`)); const p=dna.queryProbesOf(fp); const hits:any[]=[]
 for(const kind of ['video','audio'] as const) for(const pr of p[kind]){ const ds=idx[kind].map((e)=>[dist(e.hash,pr.hash),e] as const).sort((a,b)=>a[0]-b[0]).slice(0,40); for(const [d,e] of ds) hits.push({videoId:e.id,kind,queryMs:pr.timeMs,refMs:e.timeMs,distance:d}) }
 for(const {videoId:id} of dna.rankCandidates({hits,limit:100})){ pairs++; const r=refs.find((x:any)=>x.id===id); const match=dna.matchFingerprints(fp,r.fp,{leads:true}); const best=Math.max(...match.segments.map((s:any)=>s.score))
  for(const s of match.segments) rows.push({query:q.id,ref:id,...s,score:best>0?Math.round(match.score*s.score*1e4/best)/1e4:match.score,accepted:match.accepted}) } }
writeFileSync(out,JSON.stringify(rows)); const u=process.cpuUsage(cpu); console.log('pairs',pairs,'cpu s',((u.user+u.system)/1e6).toFixed(0))
