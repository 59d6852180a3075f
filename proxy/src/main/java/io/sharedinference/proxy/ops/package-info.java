@NullMarked
package io.sharedinference.proxy.ops;

import org.jspecify.annotations.NullMarked;
