package io.sharedinference.kubernetes;

import java.math.BigInteger;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** CIDR blocks. */
final class AddressRange {

    private AddressRange() {}

    /** Whether the host is an IP address in the block. Host names never are. */
    static boolean contains(String cidr, String host) {
        var parts = cidr.split("/", 2);
        if (!isAddress(host) || !isAddress(parts[0]) || !parts[1].matches("\\d{1,3}")) {
            return false;
        }
        var range = bytes(parts[0]);
        var address = bytes(host);
        int shift = range.length * 8 - Integer.parseInt(parts[1]);
        return range.length == address.length
                && shift >= 0
                && new BigInteger(1, range).shiftRight(shift).equals(new BigInteger(1, address).shiftRight(shift));
    }

    /** Matches IP literals only, so that no name is looked up. */
    private static boolean isAddress(String text) {
        return text.matches("\\d{1,3}(\\.\\d{1,3}){3}|\\[?[0-9a-fA-F:]*:[0-9a-fA-F:.]*]?");
    }

    private static byte[] bytes(String address) {
        try {
            return InetAddress.getByName(address).getAddress();
        } catch (UnknownHostException e) {
            return new byte[0];
        }
    }
}
