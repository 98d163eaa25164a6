package dev.orderflow.bench;

import java.util.List;
import java.util.stream.Stream;

/**
 * The product beside the raw clients, in one run: {@code bench/run}, {@code bench/run --short}, {@code bench/run --only ROW,ROW};
 * or beside a build before it: {@code bench/run --against FOLDER}.
 */
public final class Bench {

    /** Rows that are measured on the same ground. */
    interface Part {
        List<String> rows();

        void measure(Plan plan, Ground ground, Book book) throws Exception;
    }

    /** Rows by which two builds can be compared. */
    interface Compared extends Part {

        /** Starts one build alone for a row, with a topic and a database of its own. */
        Rounds rounds(Plan plan, Ground ground, Build build, String row) throws Exception;
    }

    static final List<Compared> COMPARED = List.of(new Intake(), new Services(), new Latency());

    static final List<Part> PARTS = Stream.concat(COMPARED.stream(), Stream.of(new Flow(), new Growth()))
            .toList();

    private Bench() {}

    public static void main(String[] arguments) {
        int status = 2;
        try {
            status = run(Plan.of(List.of(arguments))) ? 0 : 1;
        } catch (IllegalArgumentException e) {
            System.err.println("bench: " + e.getMessage());
        } catch (Exception e) {
            e.printStackTrace();
        }
        // Event loops of the load would keep the JVM alive.
        System.exit(status);
    }

    private static boolean run(Plan plan) {
        if (plan.against().isPresent()) {
            return new Against(plan, plan.against().get()).run();
        }
        var book = new Book(plan);
        for (Part part : PARTS) {
            var rows = part.rows().stream().filter(plan::wants).toList();
            if (!rows.isEmpty()) {
                book.measure(rows, () -> {
                    try (var ground = Ground.start()) {
                        part.measure(plan, ground, book);
                    }
                });
            }
        }
        System.out.println(book.report().table());
        return book.passed();
    }
}
