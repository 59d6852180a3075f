package io.sharedinference.proxy.limits;

import java.util.Optional;

/**
 * A request for which admission is requested.
 *
 * @param user the subject that the IAM returned
 * @param model the requested model, if it is known
 * @param usesTokens whether its response may report tokens
 */
public record Arrival(String user, Optional<String> model, boolean usesTokens) {}
