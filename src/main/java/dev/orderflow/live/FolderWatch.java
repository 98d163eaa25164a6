package dev.orderflow.live;

import dev.orderflow.check.RouteFile;
import dev.orderflow.check.RouteFolder;
import dev.orderflow.telemetry.Causes;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks at the folder's content again and again. A file that is the same in two looks is written to its end. */
final class FolderWatch implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(FolderWatch.class);

    private final RouteFolder folder;
    private final RouteFileEditor editor;
    private final TrialVerdicts verdicts;
    private Map<String, RouteFile> before = Map.of();
    private boolean told;
    private Set<String> toldUnreadable = Set.of();

    FolderWatch(RouteFolder folder, RouteFileEditor editor, TrialVerdicts verdicts) {
        this.folder = folder;
        this.editor = editor;
        this.verdicts = verdicts;
    }

    @Override
    public void run() {
        try {
            verdicts.judge();
            var content = folder.read();
            var now = content.files();
            if (!now.keySet().stream().filter(RouteFile::isShared).findAny().isPresent()) {
                throw new IOException("it holds none of the files that all services share");
            }
            told = false;
            tell(content.unreadable());
            var names = names(now);
            names.removeAll(content.unreadable().keySet());
            for (String name : names) {
                var file = Optional.ofNullable(now.get(name));
                if (file.equals(Optional.ofNullable(before.get(name)))) {
                    editor.see(name, file);
                }
            }
            before = now;
        } catch (IOException e) {
            // A folder that is away for a moment is no wish to stop everything.
            if (!told) {
                LOG.warn("{}: cannot be read, nothing changes: {}", folder, Causes.named(e));
            }
            told = true;
        } catch (RuntimeException e) {
            LOG.error("{}: an edit was left undone, the next look tries again", folder, e);
        }
    }

    private void tell(Map<String, String> unreadable) {
        unreadable.entrySet().stream()
                .filter(file -> !toldUnreadable.contains(file.getKey()))
                .forEach(file -> LOG.warn("{}; nothing of it changes", file.getValue()));
        toldUnreadable = Set.copyOf(unreadable.keySet());
    }

    private TreeSet<String> names(Map<String, RouteFile> now) {
        var names = new TreeSet<>(new HashMap<>(now).keySet());
        names.addAll(editor.known());
        return names;
    }
}
