@NullMarked
package io.sharedinference.proxy;

import org.jspecify.annotations.NullMarked;
