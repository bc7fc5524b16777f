"""The tables that docs/tables.md compares on, and what scikit-learn makes of them.

    python tables.py make FOLDER SEEDS [NAMES]   writes NAME.TASK.ROWS.SEED.csv; the first ROWS are trained on, the others test
    python tables.py judge FOLDER [NAMES]        prints table, seed, peer, loss, accuracy or R2, seconds

The loss is log loss, of a number the squared error. go test -tags compare ./fit -run TestTables -folder FOLDER is gradus on the same.
The bundled sets are parted anew within the training rows of fold 0 of cv_folds.csv: its test rows stay unseen.
"""
import csv
import glob
import os
import sys
import time
import warnings

os.environ["OMP_NUM_THREADS"] = "1"
import numpy as np
from sklearn import datasets as D
from sklearn.pipeline import make_pipeline
from sklearn.compose import make_column_transformer
from sklearn.impute import SimpleImputer
from sklearn.preprocessing import StandardScaler, OneHotEncoder, OrdinalEncoder
from sklearn.linear_model import LogisticRegression, Ridge
from sklearn.ensemble import *
from sklearn.neural_network import *
from sklearn.metrics import log_loss

warnings.filterwarnings("ignore")
TEST = 4000
def sig(o): return 1/(1+np.exp(-o))
def flip(r,o): return (r.random(len(o)) < sig(o)).astype(int)
def holes(r,x,share):
    x = x.copy(); x[r.random(x.shape) < share] = np.nan; return x
def skewed(r,n,d):
    x = np.exp(1.5*r.normal(size=(n,d))); x[:,2::3] = r.standard_t(2,size=x[:,2::3].shape); return x
def lin(x,k=1.): return k*x @ np.resize([1,-.7,.5,0,.3,-.2],x.shape[1])
def tree(r,x,depth,scale):
    q=[np.quantile(x[:,j],r.uniform(.2,.8,size=50)) for j in range(x.shape[1])]
    def grow(rows,d):
        if d==0 or len(rows)<5: o[rows]=scale*r.normal(); return
        j=r.integers(min(x.shape[1],8)); c=q[j][r.integers(50)]
        m=x[rows,j]>c; grow(rows[m],d-1); grow(rows[~m],d-1)
    o=np.zeros(len(x)); grow(np.arange(len(x)),depth); return o
def gen(name,n,r,seed):
    N=n+TEST; c=None
    if name.startswith("linear"): x=r.normal(size=(N,10 if n<1000 else 20)); y=flip(r,lin(x)); t="binary"
    elif name.startswith("skew"):
        x=skewed(r,N,12); l=np.log(x[:,[0,1,3,4]]); o=1.2*l[:,0]-l[:,1]+np.abs(l[:,2])+np.tanh(x[:,2])-.5*l[:,3]*(l[:,0]>0)-1; y=flip(r,o); x=holes(r,x,.15); t="binary"
    elif name.startswith("xor"): x=r.normal(size=(N,10)); y=flip(r,2*x[:,0]*x[:,1]+1.5*x[:,2]*x[:,3]+.5*x[:,4]); t="binary"
    elif name.startswith("signxor"): x=r.uniform(-1,1,size=(N,8)); y=flip(r,3*np.sign(x[:,0]*x[:,1])); t="binary"
    elif name.startswith("rare"): x=r.normal(size=(N,12)); y=flip(r,lin(x)+x[:,0]**2*.5+x[:,1]*x[:,2]-5.6); t="binary"
    elif name.startswith("noise"): x=r.random((N,60)); y=flip(r,4*np.sin(np.pi*x[:,0]*x[:,1])+8*(x[:,2]-.5)**2+4*x[:,3]+2*x[:,4]-6); t="binary"
    elif name.startswith("highcard"):
        x=r.normal(size=(N,5)); k=r.zipf(1.3,size=N)%200; e=1.2*r.normal(size=200); c=k; y=flip(r,e[k]+x[:,0]-x[:,1]*x[:,2]); t="binary"
    elif name.startswith("hastie"): x,y=D.make_hastie_10_2(N,random_state=seed); y=(y>0).astype(int); t="binary"
    elif name.startswith("moons"): x,y=D.make_moons(N,noise=.3,random_state=seed); t="binary"
    elif name.startswith("circles"): x,y=D.make_circles(N,noise=.2,factor=.5,random_state=seed); t="binary"
    elif name.startswith("quantiles"): x,y=D.make_gaussian_quantiles(n_samples=N,n_features=10,n_classes=3,random_state=seed); t="classes"
    elif name.startswith("clf"): x,y=D.make_classification(N,20,n_informative=5,n_redundant=2,n_clusters_per_class=2,random_state=seed); t="binary"
    elif name.startswith("five"): x,y=D.make_classification(N,20,n_informative=8,n_redundant=2,n_classes=5,n_clusters_per_class=2,random_state=seed); t="classes"
    elif name.startswith("treelaw"): x=skewed(r,N,12); y=flip(r,tree(r,x,5,2)); t="binary"
    elif name.startswith("clinic"):
        age=r.normal(65,14,N); sbp=r.normal(135,22,N); bmi=np.exp(r.normal(3.25,.18,N)); crp=np.exp(r.normal(2,1.3,N)); dm=(r.random(N)<.25)*1.; sex=(r.random(N)<.5)*1.; k=np.exp(r.normal(0,.4,N)); na=r.normal(139,4,N)
        o=-4.2+.05*(age-65)+((sbp-130)/30)**2*.5+((bmi-27)/6)**2*.4+.5*dm*(np.log(crp)-2)+.3*np.log(crp)+.7*np.log(k)+.25*((na-139)/4)**2+.2*sex
        x=np.c_[age,sbp,bmi,crp,dm,sex,k,na,r.normal(size=(N,3))]; y=flip(r,o); x[:,2:4]=holes(r,x[:,2:4],.1); t="binary"
    elif name.startswith("manyline"): x=r.normal(size=(N,80)); y=flip(r,.5*lin(x)); t="binary"
    elif name.startswith("many"):
        x=skewed(r,N,100); l=np.log(x[:,[0,1,3,4]]); y=flip(r,l[:,0]*l[:,1]+np.tanh(x[:,2])*2+np.abs(l[:,2])-l[:,3]); t="binary"
    elif name.startswith("wide"):
        x=skewed(r,N,30); l=np.log(x[:,[0,1,3,4]]); y=flip(r,l[:,0]*l[:,1]+np.tanh(x[:,2])*2+np.abs(l[:,2])-l[:,3]); x=holes(r,x,.05); t="binary"
    elif name.startswith("ridge"): x=r.normal(size=(N,10)); y=lin(x)+r.normal(size=N); t="number"
    elif name.startswith("fri1"): x,y=D.make_friedman1(N,10,noise=1,random_state=seed); t="number"
    elif name.startswith("fri2"): x,y=D.make_friedman2(N,noise=125,random_state=seed); t="number"
    elif name.startswith("fri3"): x,y=D.make_friedman3(N,noise=.1,random_state=seed); t="number"
    elif name.startswith("sparse"): x,y=D.make_sparse_uncorrelated(N,10,random_state=seed); t="number"
    elif name.startswith("regr"): x,y=D.make_regression(N,50,n_informative=10,noise=50,random_state=seed); t="number"
    elif name.startswith("treenum"): x=skewed(r,N,12); y=tree(r,x,6,2)+r.normal(size=N); t="number"
    elif name.startswith("lognum"): x=skewed(r,N,12); l=np.log(x[:,[0,1,3]]); y=np.exp(.6*l[:,0]-.4*l[:,1]*(x[:,2]>0)+.3*l[:,2]+.4*r.normal(size=N)); x=holes(r,x,.1); t="number"
    elif name in ("breast","wine","iris","diabetes","digits"):
        ds={"breast":"breast_cancer"}.get(name,name); x,y=getattr(D,"load_"+ds)(return_X_y=True)
        line=[l for l in open(os.path.join(os.path.dirname(__file__), "../../fit/testdata/cv_folds.csv")) if l.startswith(ds+",")][0].strip().split(",")[-1]
        keep=np.array([ch!='0' for ch in line]); x,y=x[keep],y[keep]
        p=r.permutation(len(y)); x,y=x[p],y[p]; n=int(.8*len(y)); t={"breast":"binary","diabetes":"number"}.get(name,"classes")
    else: raise ValueError(name)
    return x,y,c,t,n
LIST=["linear150","linear1000","skew1000","skew10000","xor2000","signxor1000","rare3000","noise1000","highcard5000","hastie2000","moons500","circles300","quantiles1000","clf150","clf1000","clf10000","five3000","treelaw3000","clinic1500","ridge300","fri1_300","fri1_1000","fri2_1000","fri3_1000","sparse500","regr200","treenum2000","lognum3000","breast","wine","iris","diabetes","digits","many3000","manyline1500","wide100000"]

def read(p):
    rows=list(csv.reader(open(p))); h=rows[0]; rows=rows[1:]
    num=[j for j,k in enumerate(h) if k[0]=="x"]; x=np.array([[float(r[j]) if r[j] else np.nan for j in num] for r in rows])
    if "c" in h: 
        j=h.index("c"); c=np.array([r[j] for r in rows]); 
    else: c=None
    return x,c,np.array([float(r[-1]) for r in rows])
def make(out, seeds, only):
    for name in LIST:
        if only and name not in only: continue
        for s in range(seeds if name!="wide100000" else 1):
            r=np.random.default_rng([sum(map(ord,name)),s]); digits="".join(ch for ch in name.replace("fri1_","").replace("fri2_","").replace("fri3_","") if ch.isdigit())
            x,y,c,t,n=gen(name,int(digits or 0),r,s+100)
            with open(f"{out}/{name}.{t}.{n}.{s}.csv","w") as f:
                f.write(",".join(f"x{j+1}" for j in range(x.shape[1]))+(",c" if c is not None else "")+",y\n")
                for i in range(len(y)):
                    row=["" if v!=v else format(v,".8g") for v in x[i]]
                    if c is not None: row.append(f"L{c[i]}")
                    row.append(format(y[i],".8g") if t=="number" else str(y[i])); f.write(",".join(row)+"\n")
def judge(folder, only):
    for p in sorted(glob.glob(folder+"/*.csv")):
        name,task,n,seed,_=os.path.basename(p).split("."); n=int(n)
        if only and name not in only: continue
        x,c,y=read(p); 
        if c is not None:
            code=OrdinalEncoder(handle_unknown="use_encoded_value",unknown_value=-1).fit(c[:n,None]); cc=code.transform(c[:,None])
            oh=OneHotEncoder(min_frequency=5,handle_unknown="infrequent_if_exist",sparse_output=False).fit(c[:n,None]).transform(c[:,None])
        imp=make_pipeline(SimpleImputer(strategy="median",add_indicator=True),StandardScaler()).fit(x[:n]); z=imp.transform(x)
        raw=x
        if c is not None: z=np.c_[z,oh]; raw=np.c_[x,cc]
        cat=[raw.shape[1]-1] if c is not None else None
        R=task=="number"
        if not R: y=y.astype(int)
        ways={"boost":(raw,(HistGradientBoostingRegressor if R else HistGradientBoostingClassifier)(random_state=0,categorical_features=cat if c is not None and len(set(c))<255 else None)),
         "forest":(z,(RandomForestRegressor if R else RandomForestClassifier)(random_state=0,n_jobs=1)),
         "regr":(z,Ridge(1.) if R else LogisticRegression(max_iter=2000)),
         "mlp":(z,(MLPRegressor if R else MLPClassifier)(random_state=0)),
         "mlp1":(z,(MLPRegressor if R else MLPClassifier)(random_state=0,alpha=1))}
        for w,(f,m) in ways.items():
            if n>20000 and w in("mlp1","forest"): continue
            t=time.time(); m.fit(f[:n],y[:n])
            if R: e=m.predict(f[n:])-y[n:]; loss=np.mean(e**2); oth=1-loss/np.var(y[n:])
            else:
                P=m.predict_proba(f[n:]); loss=log_loss(y[n:],np.clip(P,1e-15,1),labels=m.classes_); oth=np.mean(m.classes_[P.argmax(1)]==y[n:])
            print(name,seed,w,"%.5f %.4f %.2f"%(loss,oth,time.time()-t),flush=True)


if __name__ == "__main__":
    names = lambda at: set(sys.argv[at].split(",")) if len(sys.argv) > at else None
    if sys.argv[1] == "make":
        make(sys.argv[2], int(sys.argv[3]), names(4))
    else:
        judge(sys.argv[2], names(3))
