package dev.orderflow.drill;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;

/** Which faults strike, in which order, and which of them together: what a seed decides. */
record Plan(long seed, List<Strike> strikes) {

    private static final int ALONE = 3;

    /** Faults that come at once: one, or two that strike different parts. */
    record Strike(List<Fault> faults) {

        /** Of {@code A} or {@code A+B}. */
        static Strike parse(String text) {
            return new Strike(Arrays.stream(text.split("\\+")).map(Fault::named).toList());
        }

        boolean isAlone() {
            return faults.size() == 1;
        }

        @Override
        public String toString() {
            return faults.stream().map(Fault::name).collect(Collectors.joining("+"));
        }
    }

    /** The seed of {@code -Ddrill.seed}, or a new one. */
    static long newSeed() {
        return Long.getLong("drill.seed", System.nanoTime() & 0xFFFF_FFFFL);
    }

    /** These, each {@code A} or {@code A+B}, in an order of the seed; or what {@code -Ddrill.faults=A,B+C} says, as it says it. */
    static Plan of(long seed, List<String> usual) {
        return named(seed).orElseGet(() -> {
            List<Strike> strikes =
                    new ArrayList<>(usual.stream().map(Strike::parse).toList());
            Collections.shuffle(strikes, new Random(seed));
            return new Plan(seed, strikes);
        });
    }

    private static Optional<Plan> named(long seed) {
        String names = System.getProperty("drill.faults", "");
        return names.isEmpty()
                ? Optional.empty()
                : Optional.of(new Plan(
                        seed, Arrays.stream(names.split(",")).map(Strike::parse).toList()));
    }

    /**
     * Every fault so many times. Those with a goal come alone up to three times, so that their recovery can be told; all
     * others come in pairs, which saves time and shows more. Some never come with another one, such as an outage of all
     * brokers.
     */
    static Plan ofAll(long seed, int times) {
        var random = new Random(seed);
        List<Fault> alone = new ArrayList<>();
        List<Fault> rest = new ArrayList<>();
        for (Fault fault : Fault.all()) {
            for (int i = 0; i < times; i++) {
                boolean isAlone = fault.isAlone() || fault.goalS() > 0 && i < ALONE;
                (isAlone ? alone : rest).add(fault);
            }
        }
        List<Strike> strikes = new ArrayList<>();
        Collections.shuffle(rest, random);
        while (!rest.isEmpty()) {
            Fault one = mostOf(rest);
            rest.remove(one);
            var other =
                    rest.stream().filter(fault -> fault.part() != one.part()).findFirst();
            other.ifPresent(rest::remove);
            strikes.add(new Strike(other.map(it -> List.of(one, it)).orElse(List.of(one))));
        }
        alone.forEach(fault -> strikes.add(new Strike(List.of(fault))));
        Collections.shuffle(strikes, random);
        return named(seed).orElse(new Plan(seed, strikes));
    }

    /** The first of the part that most are left of, so that none is left without one of another part. */
    private static Fault mostOf(List<Fault> rest) {
        var counts = rest.stream().collect(Collectors.groupingBy(fault -> fault.part(), Collectors.counting()));
        return rest.stream()
                .max((a, b) -> Long.compare(counts.get(a.part()), counts.get(b.part())))
                .orElseThrow();
    }

    /** Of one fault of one strike: the same whatever the others drew. */
    Random random(int strike, int fault) {
        return new Random(seed * 31 + strike * 7L + fault);
    }

    int faults() {
        return strikes.stream().mapToInt(strike -> strike.faults().size()).sum();
    }
}
