# Writes loess_band_R.json: direct loess with exact statistics on temporal rows of risk_predictions.csv.gz (R 4.2.2).
d <- read.csv(gzfile("risk_predictions.csv.gz")); d <- d[d$split == "temporal", ]
num <- function(v) paste0("[", paste(sprintf("%.15g", v), collapse = ", "), "]")
one <- function(col) {
  p <- d[[col]]; if (col == "p_ties") p <- pmin(pmax(p, .005), .995)
  f <- loess(d$y ~ p, span = .75, degree = 2, control = loess.control(surface = "direct", statistics = "exact"))
  x <- as.numeric(quantile(p, (0:20) / 20))
  q <- predict(f, data.frame(p = x), se = TRUE)
  sprintf('  "risk/temporal/%s": {"x": %s, "y": %s, "se": %s, "scale": %.15g, "eci": %.15g}',
    col, num(x), num(q$fit), num(q$se.fit), q$residual.scale, 100 * mean((p - fitted(f))^2))
}
cat("{", paste(sapply(c("p_true", "p_lr", "p_mlp", "p_overfit", "p_ties"), one), collapse = ",\n"), "}", sep = "\n", file = "loess_band_R.json")
