package io.sharedinference.pulumi;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.regex.Pattern;

/** The lock on a stack, as self-managed backends report it. */
record Lock(String holder, String host, long pid) {

    private static final Pattern HOLDER = Pattern.compile("created by (\\S+)@(\\S+) \\(pid (\\d+)\\)");

    static Optional<Lock> in(String errors) {
        return HOLDER.matcher(errors)
                .results()
                .findFirst()
                .map(match -> new Lock(match.group(), match.group(2), Long.parseLong(match.group(3))));
    }

    /** Whether a process of this machine holds it. */
    boolean isLocal() {
        try {
            return host.equals(InetAddress.getLocalHost().getHostName());
        } catch (UnknownHostException e) {
            return host.equals(System.getenv("HOSTNAME"));
        }
    }

    /** Whether its process has exited; another program may have the process ID since. */
    boolean isStale() {
        return ProcessHandle.of(pid)
                .filter(process -> process.info()
                        .command()
                        .map(command -> command.contains("pulumi"))
                        .orElse(true))
                .isEmpty();
    }
}
