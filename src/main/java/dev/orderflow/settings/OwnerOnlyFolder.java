package dev.orderflow.settings;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermissions;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Folders that hold orders, mails and passwords: whoever else works on the machine has no way in. */
public final class OwnerOnlyFolder {

    private static final Logger LOG = LoggerFactory.getLogger(OwnerOnlyFolder.class);
    private static final String PERMISSIONS = "rwx------";

    private OwnerOnlyFolder() {}

    /**
     * Makes the folder, or closes one that is there. A folder that another user owns, such as a mounted one, keeps its
     * permissions; one that cannot be made is told by whoever needs it.
     */
    public static void folder(Path folder) {
        try {
            create(folder);
            close(folder);
        } catch (IOException e) {
            LOG.debug("{}: is not closed to other users: {}", folder, e.toString());
        }
    }

    private static void create(Path folder) throws IOException {
        if (Files.isDirectory(folder)) {
            return;
        }
        Path parent = folder.toAbsolutePath().getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        Files.createDirectory(folder, isPosix(parent == null ? folder : parent) ? closed() : new FileAttribute<?>[0]);
    }

    private static FileAttribute<?>[] closed() {
        return new FileAttribute<?>[] {
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(PERMISSIONS))
        };
    }

    private static void close(Path folder) throws IOException {
        if (isPosix(folder)
                && !PosixFilePermissions.toString(Files.getPosixFilePermissions(folder))
                        .equals(PERMISSIONS)) {
            Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString(PERMISSIONS));
            LOG.info("{}: closed to other users of this machine", folder);
        }
    }

    private static boolean isPosix(Path folder) {
        return Files.getFileAttributeView(folder, PosixFileAttributeView.class) != null;
    }
}
