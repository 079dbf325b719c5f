import { readFileSync, writeFileSync } from 'node:fs'
import { decodeFingerprint, queryProbesOf } from '/tmp/me/packages/dna/src/index.ts'
import { openDatabase, findCandidates, listLibraries } from '/tmp/me/packages/store/src/index.ts'
import { databaseCpuMs, ownCpuMs } from '/tmp/me/bench/search/database-cpu.ts'
const [out, only, audioAll] = process.argv.slice(2)
const m = JSON.parse(readFileSync('/tmp/bench/full/manifest.json','utf8'))
const db = await openDatabase({ databaseUrl: 'postgres://kinoprint@127.0.0.1:5555/postgres', poolSize: 1 })
const dnaDbId = (await listLibraries(db, { page: 1, pageSize: 1 })).items[0]!.dnaDbId
const vids=new Map((await db.pool.query('select fingerprint_id f, video_id v from videos')).rows.map((r:any)=>[r.v,r.f]))
const P=readFileSync('/tmp/lsh/probesm.bin'), A=readFileSync('/tmp/lsh/aitems.bin')
const ch=(x:number)=>{const e=[.05,.1,.2,.4,.8,1.6];let i=0;while(i<6&&x>=e[i]!)i++;return [105,72,64,49,26,13,4][i]!}
const ca=(v:number)=>{if(v===5)return 7;const x=(v-6)/100;const e=[.05,.1,.2,.4,.8,1.6];let i=0;while(i<6&&x>=e[i]!)i++;return [96,70,48,25,17,12,6][i]!}
const vp:any[][]=m.queries.map(()=>[]); for(let o=0;o<P.length;o+=296){const q=P.readUInt16LE(o),k=P.readUInt16LE(o+2);if(k!==0)continue;const hash=new Uint32Array(8);for(let w=0;w<8;w++)hash[w]=P.readUInt32BE(o+8+4*w);const doubts=new Uint8Array(256);for(let j=0;j<256;j++)doubts[j]=ch(P[o+40+j]!/64);vp[q]!.push({timeMs:P.readInt32LE(o+4),hash,doubts})}
const ad:number[][]=m.queries.map(()=>[]); for(let o=0;o<A.length;o+=42){const q=A.readUInt16LE(o);for(let j=0;j<32;j++)ad[q]!.push(ca(A[o+10+j]!))}
const lines:string[]=[]; const cpu:number[]=[], own:number[]=[]; let np=0
for(const [i,q] of m.queries.entries()){ if(only==='pos'&&q.segments.length===0) continue
 const fp:any=decodeFingerprint(readFileSync(`/tmp/exp/fp/${q.id}.q`)); if(fp.audio&&ad[i]!.length===32*fp.audio.items.length) fp.audio={...fp.audio,doubts:Uint8Array.from(ad[i]!)}
 const probes=queryProbesOf(fp); const video=vp[i]!; np+=video.length+probes.audio.length
 const c0=await databaseCpuMs(db), o0=ownCpuMs(); const hits=await findCandidates(db,{dnaDbId,video,audio:probes.audio,perProbe:40}); own.push(ownCpuMs()-o0); cpu.push(await databaseCpuMs(db)-c0)
 for(const h of hits) lines.push(`${i} ${h.kind==='audio'?1:0} ${h.queryMs} ${vids.get(h.videoId)} ${h.refMs} ${h.distance} 0`) }
writeFileSync(out!,lines.join('\n')+'\n'); const med=(x:number[])=>x.sort((a,b)=>a-b)[x.length>>1]; const mean=(x:number[])=>x.reduce((a,b)=>a+b,0)/x.length
console.log('db ms mean',mean(cpu).toFixed(0),'median',med(cpu),'own mean',mean(own).toFixed(0),'probes',(np/cpu.length).toFixed(0)); await db.close()
