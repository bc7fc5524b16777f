# References for survival figures, computed with R's survival and plain formulas apart from gradus: Rscript survival_references.R
# survival.csv > expected_survival_more.json. It asks for the package survival only.
library(survival)
args <- commandArgs(TRUE)
d <- read.csv(args[1])
fit <- coxph(Surv(time, status) ~ age + stage + trt, d, ties = "efron")
out <- list()
num <- function(x) paste0("[", paste(ifelse(is.na(x), "null", sprintf("%.15g", x)), collapse = ","), "]")
for (tr in c("km", "log")) {
  z <- cox.zph(fit, transform = tr, global = TRUE)
  out[[paste0("zph_", tr, "_chisq")]] <- num(z$table[, "chisq"])
  out[[paste0("zph_", tr, "_p")]] <- num(z$table[, "p"])
}
bh <- basehaz(fit, centered = FALSE)
i <- findInterval(c(30, 90, 180, 365, 700), bh$time)
out$baseline_efron <- num(bh$hazard[i])
b <- coxph(Surv(time, status) ~ age + stage + trt, d, ties = "breslow")
bh <- basehaz(b, centered = FALSE)
out$baseline_breslow <- num(bh$hazard[findInterval(c(30, 90, 180, 365, 700), bh$time)])
q <- quantile(survfit(Surv(time, status) ~ 1, d), c(.25, .5))
out$quantiles <- num(c(q$quantile, q$lower, q$upper))
# C of two scores and the difference, with robust variance from the influence of each row, and by clusters
d$id <- (seq_len(nrow(d)) - 1) %/% 3
two <- coxph(Surv(time, status) ~ age + trt, d)
s1 <- predict(fit, type = "lp"); s2 <- predict(two, type = "lp")
cc <- concordance(fit, two)
v <- vcov(cc)
out$pair_c <- num(coef(cc))
out$pair_se <- num(c(sqrt(diag(v)), sqrt(v[1, 1] + v[2, 2] - 2 * v[1, 2])))
cl <- concordance(fit, two, cluster = d$id)
v <- vcov(cl)
out$pair_cluster_se <- num(c(sqrt(diag(v)), sqrt(v[1, 1] + v[2, 2] - 2 * v[1, 2])))
cu <- concordance(fit, two, timewt = "n/G2", ymax = 700)
v <- vcov(cu)
out$uno_c <- num(coef(cu))
out$uno_se <- num(c(sqrt(diag(v)), sqrt(v[1, 1] + v[2, 2] - 2 * v[1, 2])))
# G(t-) and G(t): events leave before censorings of their time
ut <- sort(unique(d$time))
g <- 1; Gminus <- numeric(0); G <- numeric(0)
for (t in ut) {
  Gminus <- c(Gminus, g)
  n <- sum(d$time >= t) - sum(d$time == t & d$status == 1)
  k <- sum(d$time == t & d$status == 0)
  if (k > 0) g <- g * (1 - k / n)
  G <- c(G, g)
}
Gm <- Gminus[match(d$time, ut)]
Gat <- function(t) if (any(ut <= t)) G[max(which(ut <= t))] else 1
brier <- function(S, t) mean(ifelse(d$time <= t & d$status == 1, S^2 / Gm, ifelse(d$time > t, (1 - S)^2 / Gat(t), 0)))
auc <- function(s, t) {
  top <- 0; all <- 0
  for (i in which(d$time <= t & d$status == 1)) for (j in which(d$time > t)) {
    w <- 1 / Gm[i]
    all <- all + w
    top <- top + w * (if (s[i] > s[j]) 1 else if (s[i] == s[j]) .5 else 0)
  }
  top / all
}
surv <- function(f, t) as.numeric(summary(survfit(f, newdata = d), times = t)$surv)
hz <- c(90, 365, 700)
out$horizons <- num(hz)
out$brier <- num(sapply(hz, function(t) brier(surv(fit, t), t)))
km <- survfit(Surv(time, status) ~ 1, d)
out$brier_null <- num(sapply(hz, function(t) brier(rep(summary(km, times = t)$surv, nrow(d)), t)))
out$auc <- num(sapply(hz, function(t) auc(s1, t)))
grid <- seq(0, 700, by = 70)
b <- sapply(grid, function(t) if (t == 0) 0 else brier(surv(fit, t), t))
out$integrated <- num(sum(diff(grid) * (head(b, -1) + tail(b, -1)) / 2) / 700)
# O/E and the flexible calibration curve at 365: Cox on a restricted cubic spline of log(-log(S)), knots .1 .5 .9
p <- 1 - surv(two, 365)
out$oe <- num((1 - summary(km, times = 365)$surv) / mean(p))
x <- log(-log(1 - p))
k <- quantile(x, c(.1, .5, .9))
pos <- function(v) pmax(v, 0)^3
sp <- (pos(x - k[1]) - pos(x - k[2]) * (k[3] - k[1]) / (k[3] - k[2]) + pos(x - k[3]) * (k[2] - k[1]) / (k[3] - k[2])) / (k[3] - k[1])^2
cf <- coxph(Surv(d$time, d$status) ~ x + sp)
obs <- 1 - as.numeric(summary(survfit(cf, newdata = data.frame(x = x, sp = sp)), times = 365)$surv)
e <- abs(obs - p)
out$smooth <- num(c(mean(e), quantile(e, .5), quantile(e, .9), max(e)))
out$smooth_first <- num(obs[1:3])
# slope of the linear predictor
cs <- coxph(Surv(d$time, d$status) ~ x)
out$slope <- num(c(coef(cs), sqrt(vcov(cs))))
out$two_p365_first <- num(p[1:3])
out$lp <- num(c(s1, s2))
out$survival <- paste0("[", paste(sapply(hz, function(t) num(surv(fit, t))), collapse = ",\n"), "]")
out$grid <- paste0("[", paste(sapply(grid[-1], function(t) num(surv(fit, t))), collapse = ",\n"), "]")
cat("{\n", paste(sprintf(' "%s": %s', names(out), unlist(out)), collapse = ",\n"), "\n}\n", sep = "")
