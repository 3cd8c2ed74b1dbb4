// SPDX-License-Identifier: MIT
/* The only code that talks to KVM. */
#include <errno.h>
#include <limits.h>
#include <sys/ioctl.h>
#include <linux/kvm.h>

#include "internal.h"

_Static_assert(KVM_REG_SIZE_SHIFT == SPRSYNC_ID_SIZE_SHIFT,
	       "the size field of an id");
_Static_assert(sizeof(struct sprsync_operation) == 32,
	       "bindings and the wire count on 32 bytes");
_Static_assert(offsetof(struct sprsync_operation, value) == 8 &&
		       offsetof(struct sprsync_operation, direction) == 24 &&
		       offsetof(struct sprsync_operation, error) == 28,
	       "layout of an operation");
_Static_assert(sizeof(struct sprsync_copy) == 48 &&
		       offsetof(struct sprsync_copy, value) == 0 &&
		       offsetof(struct sprsync_copy, is_valid) == 32,
	       "layout of a copy");

/* glibc's request is unsigned long, musl's is int. */
#define IOCTL_REQUEST(request)                                                 \
	_Generic(&ioctl, int (*)(int, int, ...)                                \
		 : (int)(unsigned int)(request), default                       \
		 : (unsigned long)(request))

static int call(const struct sprsync_backend *backend, int fd, uint64_t request,
		void *argument)
{
	int saved = errno;
	int result;

	if (backend != NULL)
		return backend->call(backend->context, fd, request, argument);
	result = ioctl(fd, IOCTL_REQUEST(request), argument);
	if (result < 0)
		result = -errno;
	errno = saved;
	return result;
}

/* linux/kvm.h's numbers; a header may be older than the newest of them. */
enum {
	CAP_PPC_HIOR = 67,
	CAP_PPC_PAPR = 68,
	CAP_ONE_REG = 70,
	CAP_PPC_HTM = 132,
	CAP_PPC_DAWR1 = 194,
	CAP_PPC_COMPAT_CAPS = 250,
};
_Static_assert(CAP_PPC_HIOR == KVM_CAP_PPC_HIOR &&
		       CAP_PPC_PAPR == KVM_CAP_PPC_PAPR &&
		       CAP_ONE_REG == KVM_CAP_ONE_REG &&
		       CAP_PPC_HTM == KVM_CAP_PPC_HTM,
	       "the numbers of linux/kvm.h");

int sprsync_check_capabilities(const struct sprsync_backend *backend, int fd,
			       uint32_t *capabilities)
{
	static const struct {
		uintptr_t extension;
		uint32_t capability;
	} asked[] = {
		{ CAP_ONE_REG, SPRSYNC_CAP_ONE_REG },
		{ CAP_PPC_HIOR, SPRSYNC_CAP_HIOR },
		{ CAP_PPC_HTM, SPRSYNC_CAP_HTM },
		{ CAP_PPC_DAWR1, SPRSYNC_CAP_DAWR1 },
		{ CAP_PPC_PAPR, SPRSYNC_CAP_PAPR },
		{ CAP_PPC_COMPAT_CAPS, SPRSYNC_CAP_COMPAT_CAPS },
	};
	uint32_t found = 0;

	if (capabilities == NULL || (backend != NULL && backend->call == NULL))
		return -EINVAL;
	*capabilities = 0;
	for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++) {
		int result = call(backend, fd, KVM_CHECK_EXTENSION,
				  (void *)asked[i].extension);

		if (result < 0)
			return result;
		if (result > 0)
			found |= asked[i].capability;
	}
	*capabilities = found;
	return 0;
}

uint32_t sprsync_traits_without(uint32_t capabilities)
{
	uint32_t omitted = 0;

	if ((capabilities & SPRSYNC_CAP_HTM) == 0)
		omitted |= SPRSYNC_TM | SPRSYNC_CHECKPOINT;
	if ((capabilities & SPRSYNC_CAP_DAWR1) == 0)
		omitted |= SPRSYNC_DAWR1;
	if ((capabilities & SPRSYNC_CAP_PAPR) == 0)
		omitted |= SPRSYNC_VPA;
	return omitted;
}

static int execute_one(const struct sprsync_backend *backend, int vcpu_fd,
		       struct sprsync_operation *operation)
{
	struct kvm_one_reg reg = {
		.id = operation->id,
		.addr = (uintptr_t)operation->value,
	};
	int result;

	switch (operation->direction) {
	case SPRSYNC_GET:
		memset(operation->value, 0, sizeof(operation->value));
		if (!sprsync_is_size_handled(operation->id))
			return -EOPNOTSUPP;
		result = call(backend, vcpu_fd, KVM_GET_ONE_REG, &reg);
		if (result < 0)
			memset(operation->value, 0, sizeof(operation->value));
		break;
	case SPRSYNC_PUT:
		if (!sprsync_is_size_handled(operation->id))
			return -EOPNOTSUPP;
		result = call(backend, vcpu_fd, KVM_SET_ONE_REG, &reg);
		break;
	default:
		return -EINVAL;
	}
	return result < 0 ? result : 0;
}

int sprsync_execute(const struct sprsync_backend *backend, int vcpu_fd,
		    struct sprsync_operation *operations, size_t count)
{
	int failed = 0;

	if ((count > 0 && operations == NULL) || count > INT_MAX ||
	    (backend != NULL && backend->call == NULL))
		return -EINVAL;
	for (size_t i = 0; i < count; i++) {
		operations[i].error =
			execute_one(backend, vcpu_fd, &operations[i]);
		if (operations[i].error < 0)
			failed++;
	}
	return failed;
}
