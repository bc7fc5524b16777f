# Writes classes_sklearn.json: NumPy 2.4.6, SciPy 1.17.1, scikit-learn 1.9.1.
import numpy as np, json
from sklearn.metrics import roc_auc_score, log_loss
from scipy import stats
rng=np.random.default_rng(5)
n=90
y=rng.integers(0,4,n); l=rng.normal(size=(n,4)); l[np.arange(n),y]+=1.2
p=np.round(np.exp(l)/np.exp(l).sum(1,keepdims=True),3); p[:,3]=np.round(1-p[:,:3].sum(1),3)
o=np.eye(4)[y]
d=dict(y=y.tolist(),p=p.tolist(),accuracy=float((p.argmax(1)==y).mean()),ovr=roc_auc_score(y,p,multi_class='ovr',average='macro'),ovo=roc_auc_score(y,p,multi_class='ovo',average='macro'),log_loss=log_loss(y,p),brier=float(((p-o)**2).sum(1).mean()))
q=p.argmax(1)
d['confusion']=[[int(((y==a)&(q==b)).sum()) for b in range(4)] for a in range(4)]
d['each_auroc']=[roc_auc_score(o[:,c],p[:,c]) for c in range(4)]
d['each_brier']=[float(((p[:,c]-o[:,c])**2).mean()) for c in range(4)]
h=rng.normal(50,10,n).round(2); t=(3+.9*h+rng.normal(0,6,n)).round(2)
r=stats.linregress(h,t); e=h-t; sd=e.std(ddof=1); tt=stats.t.ppf(.975,n-1); z=stats.norm.ppf(.975); w=tt*sd*np.sqrt(1/n+z*z/(2*(n-1)))
d['number']=dict(y=t.tolist(),h=h.tolist(),r2=float(1-(e**2).sum()/((t-t.mean())**2).sum()),rmse=float(np.sqrt((e**2).mean())),mae=float(abs(e).mean()),slope=float(r.slope),slope_se=float(r.stderr),intercept=float(r.intercept),intercept_se=float(r.intercept_stderr),bias=[float(e.mean()),float(e.mean()-tt*sd/np.sqrt(n)),float(e.mean()+tt*sd/np.sqrt(n))],sd=float(sd),lower=[float(v) for v in (e.mean()-z*sd,e.mean()-z*sd-w,e.mean()-z*sd+w)],upper=[float(v) for v in (e.mean()+z*sd,e.mean()+z*sd-w,e.mean()+z*sd+w)])
json.dump(d,open('classes_sklearn.json','w'))
