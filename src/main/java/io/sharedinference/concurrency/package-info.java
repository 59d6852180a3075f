@NullMarked
package io.sharedinference.concurrency;

import org.jspecify.annotations.NullMarked;
