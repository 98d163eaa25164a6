package dev.orderflow.bench;

import dev.orderflow.bench.RawMails.Mail;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/** Writes mails as files, each beside and then renamed, so that a file that is there is whole. */
final class MailFolder implements RawMails.HandOver {

    private final Path folder;

    MailFolder(Path folder) {
        this.folder = folder;
        try {
            Files.createDirectories(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void all(List<Mail> mails) throws IOException {
        for (Mail mail : mails) {
            var beside = folder.resolve(".writing-" + mail.order());
            Files.write(beside, mail.text());
            Files.move(beside, folder.resolve(mail.order() + "-order-placed.eml"), StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
