@NullMarked
package io.sharedinference.proxy.telemetry;

import org.jspecify.annotations.NullMarked;
