@NullMarked
package io.sharedinference.proxy.limits;

import org.jspecify.annotations.NullMarked;
