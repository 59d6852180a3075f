package io.sharedinference.pulumi;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/** Who holds a stack, as a backend of one's own says it. */
record Lock(String holder, String host, long pid) {

    private static final Pattern HELD = Pattern.compile("created by (\\S+)@(\\S+) \\(pid (\\d+)\\)");

    static Optional<Lock> in(String errors) {
        return HELD.matcher(errors)
                .results()
                .findFirst()
                .map(held -> new Lock(held.group(), held.group(2), Long.parseLong(held.group(3))));
    }

    /** Another machine's processes can't be seen from here. */
    boolean ofThisMachine() {
        try {
            return host.equals(InetAddress.getLocalHost().getHostName());
        } catch (UnknownHostException e) {
            return host.equals(System.getenv("HOSTNAME"));
        }
    }

    /** Whether the process that took it is no more; another program may have got its number since. */
    boolean abandoned() {
        return ProcessHandle.of(pid)
                .filter(process -> process.info()
                        .command()
                        .map(command -> command.contains("pulumi"))
                        .orElse(true))
                .isEmpty();
    }
}
