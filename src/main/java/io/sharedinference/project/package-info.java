@NullMarked
package io.sharedinference.project;

import org.jspecify.annotations.NullMarked;
