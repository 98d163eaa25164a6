package dev.orderflow.intake;

/** The same behaviour on Camel's own engine, which {@code intake.engine = stock} goes back to. */
class StockEngineIT extends IntakeIT {

    @Override
    String engine() {
        return "stock";
    }
}
