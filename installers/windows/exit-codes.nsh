; Told apart by what deploys the setup; the same list is in README.md. 0, 1 and 2 are NSIS's: done, cancelled, broken off.
!define NEEDS_ADMINISTRATOR 10
!define WINDOWS_TOO_OLD 11
!define FOLDER_TAKEN 12
!define INSTALLED_ELSEWHERE 13
!define NO_WAY_BACK 14
!define ANSWERS_WRONG 15
!define ANSWERS_NOT_DONE 16
!define SERVICE_DID_NOT_STOP 17
!define SELF_TEST_FAILED 18
!define DID_NOT_START 19
!define FILES_NOT_LAID 20
!define SERVICE_NOT_MADE 21
!define ALREADY_RUNNING 22
!define UNSENT 30
!define NOT_STOPPED_FOR_REMOVAL 31
!define PURGE_FAILED 32
