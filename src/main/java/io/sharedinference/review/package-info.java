@NullMarked
package io.sharedinference.review;

import org.jspecify.annotations.NullMarked;
