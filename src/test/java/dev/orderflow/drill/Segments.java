package dev.orderflow.drill;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.internal.FileLogInputStream.FileChannelRecordBatch;
import org.apache.kafka.common.record.internal.FileRecords;

/** The files in which brokers keep a partition. */
final class Segments {

    private static final int ALL_BITS = 0xff;

    /** A batch of a partition. @param last its last offset */
    record Batch(long first, long last) {}

    private Segments() {}

    /** The first whole batch from an offset on that ends in front of another one. */
    static Optional<Batch> batch(Path broker, TopicPartition partition, long from, long before) {
        return look(newest(broker, partition), batches -> {
            for (var batch : batches) {
                if (batch.baseOffset() >= from && batch.lastOffset() < before && !batch.isControlBatch()) {
                    return Optional.of(new Batch(batch.baseOffset(), batch.lastOffset()));
                }
            }
            return Optional.empty();
        });
    }

    /** A broker appends to the file meanwhile: its records must not be closed as its owner does it, which trims them. */
    private static <T> T look(Path segment, Function<Iterable<FileChannelRecordBatch>, T> at) {
        try {
            var records = FileRecords.open(segment.toFile(), false);
            try {
                return at.apply(records.batches());
            } finally {
                records.closeHandlers();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Spoils the last byte of a batch; a second time, it is what it was. */
    static void flip(Path broker, TopicPartition partition, Batch of) {
        var segment = newest(broker, partition);
        long place = look(segment, batches -> {
            for (var batch : batches) {
                if (batch.baseOffset() == of.first()) {
                    return (long) batch.position() + batch.sizeInBytes() - 1;
                }
            }
            throw new IllegalStateException("no batch at offset " + of.first() + " of " + segment);
        });
        try (var file = new RandomAccessFile(segment.toFile(), "rw")) {
            file.seek(place);
            int was = file.read();
            file.seek(place);
            file.write(was ^ ALL_BITS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A drill fills no more than one. */
    private static Path newest(Path broker, TopicPartition partition) {
        try (var files = Files.list(broker.resolve(partition.toString()))) {
            List<Path> segments = files.filter(file -> file.toString().endsWith(".log"))
                    .sorted(Comparator.comparing(Path::toString))
                    .toList();
            return segments.get(segments.size() - 1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
