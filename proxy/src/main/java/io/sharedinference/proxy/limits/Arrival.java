package io.sharedinference.proxy.limits;

import java.util.Optional;

/**
 * A request that asks to be forwarded.
 *
 * @param user as the IAM names it
 * @param model that it names, if that is known
 * @param usesTokens whether its response may report tokens
 */
public record Arrival(String user, Optional<String> model, boolean usesTokens) {}
