package io.sharedinference.proxy.http;

import java.nio.charset.StandardCharsets;

/** Header fields that the proxy interprets. All others are forwarded as {@code OTHER}. */
public enum Field {
    HOST("host"),
    AUTHORIZATION("authorization"),
    CONTENT_LENGTH("content-length"),
    TRANSFER_ENCODING("transfer-encoding"),
    EXPECT("expect"),
    CONNECTION("connection"),
    KEEP_ALIVE("keep-alive"),
    PROXY_CONNECTION("proxy-connection"),
    PROXY_AUTHORIZATION("proxy-authorization"),
    TE("te"),
    UPGRADE("upgrade"),
    TRAILER("trailer"),
    ORIGIN("origin"),
    PREFLIGHT_METHOD("access-control-request-method"),
    TRACEPARENT("traceparent"),
    TRACESTATE("tracestate"),
    CONTENT_TYPE("content-type"),
    CONTENT_ENCODING("content-encoding"),
    ACCEPT_ENCODING("accept-encoding"),
    DROPPED(""),
    OTHER("");

    private final byte[] name;

    Field(String name) {
        this.name = name.getBytes(StandardCharsets.US_ASCII);
    }

    /** The field of a name, ignoring case. */
    public static Field of(byte[] bytes, int from, int to) {
        return switch (to - from) {
            case 2 -> either(bytes, from, to, TE);
            case 4 -> either(bytes, from, to, HOST);
            case 6 -> EXPECT.named(bytes, from, to) ? EXPECT : either(bytes, from, to, ORIGIN);
            case 7 -> UPGRADE.named(bytes, from, to) ? UPGRADE : either(bytes, from, to, TRAILER);
            case 10 ->
                CONNECTION.named(bytes, from, to)
                        ? CONNECTION
                        : KEEP_ALIVE.named(bytes, from, to) ? KEEP_ALIVE : either(bytes, from, to, TRACESTATE);
            case 11 -> either(bytes, from, to, TRACEPARENT);
            case 12 -> either(bytes, from, to, CONTENT_TYPE);
            case 13 -> either(bytes, from, to, AUTHORIZATION);
            case 14 -> either(bytes, from, to, CONTENT_LENGTH);
            case 15 -> either(bytes, from, to, ACCEPT_ENCODING);
            case 16 ->
                PROXY_CONNECTION.named(bytes, from, to) ? PROXY_CONNECTION : either(bytes, from, to, CONTENT_ENCODING);
            case 17 -> either(bytes, from, to, TRANSFER_ENCODING);
            case 19 -> either(bytes, from, to, PROXY_AUTHORIZATION);
            case 29 -> either(bytes, from, to, PREFLIGHT_METHOD);
            default -> OTHER;
        };
    }

    /** Whether it is hop-by-hop, and so not forwarded. */
    boolean hopByHop() {
        return switch (this) {
            case CONNECTION, KEEP_ALIVE, PROXY_CONNECTION, PROXY_AUTHORIZATION, TE, UPGRADE, DROPPED -> true;
            default -> false;
        };
    }

    /** Whether a Connection field may remove it. Fields for framing, routing and authentication stay. */
    boolean nominable() {
        return carried();
    }

    /** Whether it is not allowed in trailers, where it would arrive too late. */
    boolean forbiddenInTrailers() {
        return !carried();
    }

    /** Whether it announces chunks or trailers. */
    boolean announcesChunks() {
        return this == TRANSFER_ENCODING || this == TRAILER;
    }

    /** Whether it is forwarded unchanged. */
    private boolean carried() {
        return switch (this) {
            case OTHER,
                    TRAILER,
                    ORIGIN,
                    PREFLIGHT_METHOD,
                    TRACEPARENT,
                    TRACESTATE,
                    CONTENT_TYPE,
                    CONTENT_ENCODING,
                    ACCEPT_ENCODING -> true;
            default -> false;
        };
    }

    private boolean named(byte[] bytes, int from, int to) {
        return Ascii.equalsLowerCase(bytes, from, to, name);
    }

    private static Field either(byte[] bytes, int from, int to, Field field) {
        return field.named(bytes, from, to) ? field : OTHER;
    }
}
